"""Windows, as far as it can be shown elsewhere: consoles, code pages, locks, names, modules."""

import ctypes
import errno
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT, Spbe
from support.sheets import BANDAR_LAMPUNG, JAMBI_2022, JAMBI_2023, NATIONAL

from spbe_cli.cli import streams

SHEET = str(ROOT / BANDAR_LAMPUNG)
RUNS = [
    ("score", BANDAR_LAMPUNG, "--detail", "indicator"),
    ("whatif", BANDAR_LAMPUNG, "--set", "all=+1"),
    ("compare", JAMBI_2022, JAMBI_2023),
    ("plan", BANDAR_LAMPUNG, "--target", "baik"),
    ("outlook", BANDAR_LAMPUNG, "--agreement", "0.8"),
    ("rank", NATIONAL, "--top", "9"),
    ("profile", NATIONAL),
    ("report", JAMBI_2023),
    ("explain", "12"),
    ("instrument", "show", "pemdi-2026"),
    ("check", "tests/broken/level-off-scale.yaml"),
    ("score", "--help"),
]
HIDDEN = (
    "_posixsubprocess",
    "fcntl",
    "grp",
    "pty",
    "pwd",
    "resource",
    "termios",
    "tty",
)


class _Console:
    """A console of Windows: `modes` are what it was set to; an old one takes no colours."""

    def __init__(self, *, is_old: bool) -> None:
        self.is_old, self.modes = is_old, list[int]()
        self.kernel32 = self

    def GetStdHandle(self, number: int) -> int:  # noqa: N802
        return number

    def GetConsoleMode(self, handle: int, mode: object) -> int:  # noqa: N802
        return int(handle in (-11, -12) and mode is not None)

    def SetConsoleMode(self, _: int, mode: int) -> int:  # noqa: N802
        self.modes.append(mode)
        return int(not self.is_old)


@pytest.mark.parametrize("is_old", [False, True])
def test_colours_are_switched_on_or_left_out(
    monkeypatch: pytest.MonkeyPatch, *, is_old: bool
) -> None:
    console = _Console(is_old=is_old)
    monkeypatch.setattr(streams, "_ON_WINDOWS", True)
    monkeypatch.setattr(ctypes, "windll", console, raising=False)
    stream = SimpleNamespace(isatty=lambda: True, fileno=lambda: 1)
    assert streams.obeys_colour(stream) is not is_old  # type: ignore[arg-type]
    assert console.modes == [4]
    piped = SimpleNamespace(isatty=lambda: False, fileno=lambda: 1)
    assert not streams.obeys_colour(piped)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_old", [False, True])
def test_an_old_console_is_shown_plain_text(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, *, is_old: bool
) -> None:
    monkeypatch.setattr(streams, "_ON_WINDOWS", True)
    monkeypatch.setattr(ctypes, "windll", _Console(is_old=is_old), raising=False)
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(stream, "fileno", lambda number=number: number, raising=False)
    found = spbe("score", BANDAR_LAMPUNG)
    assert found.code == 0
    assert ("\x1b[" in found.out) is not is_old


@pytest.mark.parametrize("page", ["cp437", "cp850", "cp1252"])
def test_nothing_is_spelled_out_on_the_code_pages_of_windows(page: str) -> None:
    """Every sentence, table and chart of ours can be shown; one process runs them all."""
    code = "import sys\nfrom spbe_cli.cli.run import run\n"
    code += "".join(f"print(run({[*run, '--lang', 'id']!r}))\n" for run in RUNS)
    environment = {"PYTHONIOENCODING": page, "PATH": "", "LANG": "C.UTF-8", "COLUMNS": "80"}
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=environment
    )
    answer = found.stdout.decode("utf-8", "replace") + found.stderr.decode(page)
    assert not re.search(r"\\[ux][0-9a-f]{2}", answer)
    assert "bug" not in answer
    assert re.search(r"Indeks SPBE .*2,15 .*  Cukup -\r?\n", answer)  # its sign, in ASCII
    assert not re.search(r"(?m)^D4 .*[\u25a0-\u25ff]", answer)


class LockedError(PermissionError):
    """What Windows says of a file that Excel has open."""

    def __init__(self, number: int, path: str) -> None:
        super().__init__(errno.EACCES, "Permission denied", path)
        self.winerror = number


@pytest.mark.parametrize("number", [5, 32])
def test_a_workbook_that_is_open_in_excel_is_named_as_such(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    report = tmp_path / "laporan.xlsx"
    asked = ("report", BANDAR_LAMPUNG, "-o", str(report), "--force")
    assert spbe(*asked).code == 0
    before = report.read_bytes()

    def replace(path: Path, _: str | Path) -> Path:
        raise LockedError(number, str(path))

    monkeypatch.setattr(Path, "replace", replace)
    found = spbe(*asked, "--lang", "id")
    assert found.code == 4
    assert f"{report}: galat: berkas sedang dibuka di program lain, misalnya Excel" in found.err
    assert report.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["laporan.xlsx"]


def test_a_sheet_that_is_open_in_excel_is_named_as_such(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: Path, **_: object) -> object:
        raise LockedError(32, str(path))

    monkeypatch.setattr(Path, "stat", opened)
    found = spbe("score", SHEET, "--lang", "en")
    assert found.code == 4
    assert "the file is open in another program, such as Excel or Word [file-open]" in found.err


def test_names_with_blanks_and_backslashes(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said to be typed next can be typed, in PowerShell, cmd and elsewhere."""
    monkeypatch.chdir(tmp_path)
    for folder in ("Data SPBE 2024", "D:\\kantor\\Data SPBE"):
        Path(folder).mkdir()
        name = f"{folder}/nilai akhir.csv"
        said = spbe("init", name, "--year", "2024").err
        typed = said.rpartition("then: ")[2].strip()
        assert shlex.split(typed.replace("\\", "\\\\")) == ["spbe", "score", name]
        form = Path(name).read_text("utf-8-sig")
        filled = re.sub(r"(?m)^(\d+,[^\n]*?),,,,$", r"\1,3,,,", form)
        Path(name).write_text(filled, encoding="utf-8")
        assert spbe("score", name, "-o", f"{folder}/hasil akhir.json", "-f", "json").code == 0
        assert spbe("check", folder, "-f", "sarif").code == 0
        assert spbe("score", f"{folder}/*.csv").code == 0


def test_no_module_is_needed_that_windows_lacks() -> None:
    """Modules and names of POSIX are gone before anything is imported; every command still runs."""
    code = f"""
import importlib.abc, os, select, signal, sys

class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name in {HIDDEN!r}:
            raise ModuleNotFoundError(name, name=name)

import subprocess  # Python's own ways do without on Windows
for name in {HIDDEN!r}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
del select.poll, signal.SIGHUP, os.fork, os.geteuid, os.getuid, os.getpgid, os.link, os.fchmod
from spbe_cli.cli.run import run
codes = [int(run(each)) for each in {[list(run) for run in RUNS]!r}]
codes.append(int(run(["batch", "examples/lembar-nilai.csv", "-o", "-"])))
codes.append(int(run(["check", "-"])))
sys.stderr.write(f"CODES {{codes}}")
"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        input=(ROOT / BANDAR_LAMPUNG).read_bytes(),
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"PATH": "", "LANG": "C.UTF-8"},
    )
    assert found.stderr.decode().endswith("CODES [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0]")
