"""Old .xls files that lead their reader in a circle, or promise more than there is."""

import struct
from collections.abc import Callable

import pytest
from conftest import ROOT

from spbe_cli.read import spreadsheet
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.ole import reaches_of
from spbe_cli.read.text import File

SOUND = (ROOT / "tests" / "broken" / "format-tells-less.xls").read_bytes()
SECTOR = 512


def with_number(at: int, number: int) -> bytes:
    return SOUND[:at] + struct.pack("<I", number) + SOUND[at + 4 :]


def table_at() -> int:
    """Return where the table of the chains stands."""
    (first,) = struct.unpack_from("<I", SOUND, 76)
    return int(first + 1) * SECTOR


def start_of_directory() -> int:
    return int(struct.unpack_from("<I", SOUND, 48)[0])


def with_strings(number: int) -> bytes:
    return with_number(SOUND.index(b"\xfc\x00\x5a\x00", SECTOR) + 8, number)


BAD: dict[str, Callable[[], bytes]] = {
    "a directory in a circle": lambda: with_number(
        table_at() + 4 * start_of_directory(), start_of_directory()
    ),
    "lists in a circle": lambda: with_number(68, 1),
    "terabytes of directory": lambda: with_number(40, 0x7FFFFFFF),
    "terabytes of table": lambda: with_number(44, 0x7FFFFFFF),
    "terabytes of small sectors": lambda: with_number(64, 0x7FFFFFFF),
    "terabytes of lists": lambda: with_number(72, 0x7FFFFFFF),
    "sectors of another size": lambda: SOUND[:30] + b"\x1f\0" + SOUND[32:],
    "cut off": lambda: SOUND[:60],
    "strings": lambda: with_strings(0x7FFFFFFF),
}


@pytest.mark.parametrize("kind", BAD)
def test_it_is_refused_before_a_library_sees_it(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(spreadsheet, "_opened", lambda *_: pytest.fail("it was opened"))
    content = BAD[kind]()
    assert content != SOUND
    (problem,) = read_file(File("x.xls", content), Wishes()).problems
    assert problem.code == "workbook-not-xlsx"


def test_cells_far_away_are_not_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_opened", lambda *_: pytest.fail("it was opened"))
    at = SOUND.index(b"\x7e\x02\x0a\x00", SECTOR) + 4  # a number's row and column
    content = SOUND[:at] + struct.pack("<HH", 0xFFFE, 0xFF) + SOUND[at + 4 :]
    (problem,) = read_file(File("x.xls", content), Wishes()).problems
    assert problem.code == "table-too-large"


def test_a_sound_one_is_read_as_far_as_its_cells_reach() -> None:
    height, width = max(reaches_of(SOUND))
    found = read_file(File("x.xls", SOUND), Wishes())
    assert (height, width) == (8, 2)
    assert {problem.code for problem in found.problems} != {"workbook-not-xlsx"}
