"""What is written is whole or absent, and never stands over what somebody wants to keep."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from conftest import ROOT, Spbe
from support.sheets import BANDAR_LAMPUNG, bandar_lampung
from support.tables import HEAD, row, table_text

from spbe_cli.cli import files
from spbe_cli.cli.files import whole_file, whole_folder
from spbe_cli.cli.report import _file_names
from spbe_cli.formats import html
from spbe_cli.formats.endings import ReportFormat

SHEET = ROOT / BANDAR_LAMPUNG
OWN = ROOT / "tests" / "broken" / "small-instrument.yaml"
OWN_SHEET = "institution: A\nyear: 2023\ninstrument: own.yaml\nlevels: {1: 3, 2: 4, 3: 2, 4: 3}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copyfile(SHEET, tmp_path / "a.yaml")
    copyfile(ROOT / "examples" / "kota-jambi-2023.yaml", tmp_path / "b.yaml")
    copyfile(OWN, tmp_path / "own.yaml")
    (tmp_path / "nilai.csv").write_text(table_text([HEAD, *(row(f"Kota {n}") for n in range(9))]))
    return tmp_path


def entries(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_temporary_file_has_a_name_that_nobody_foresees(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        with whole_file(tmp_path / "x.json") as stream:
            names.add(Path(stream.name).name)
            stream.write(b"{}")
    assert len(names) == 3
    assert all(str(os.getpid()) not in name.split("-") for name in names)


def test_a_link_that_stands_where_the_temporary_file_goes_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "planted.tmp").symlink_to(tmp_path / "precious")
    monkeypatch.setattr(files, "_beside", lambda path: path.with_name("planted.tmp"))
    with pytest.raises(FileExistsError), whole_file(tmp_path / "x.json"):
        pytest.fail("it was opened")
    assert (tmp_path / "precious").read_text() == "kept"


def test_two_writers_at_once_each_write_whole(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"

    def write(letter: bytes) -> None:
        for _ in range(50):
            with whole_file(target) as stream:
                for _ in range(20):
                    stream.write(letter * 1000)
                    stream.flush()

    threads = [threading.Thread(target=write, args=(each,)) for each in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(target.read_bytes()) in ({97}, {98})
    assert len(target.read_bytes()) == 20_000
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_a_folder_that_is_there_is_filled_from_within(tmp_path: Path) -> None:
    """What stands beside a mount point is another file system, and may be closed."""
    target = tmp_path / "laporan"
    target.mkdir()
    before = tmp_path.stat().st_mtime_ns
    with whole_folder(target) as inside:
        assert inside.parent == target
        (inside / "a.html").write_text("a")
    assert tmp_path.stat().st_mtime_ns == before
    assert [path.name for path in target.iterdir()] == ["a.html"]


def _fill(folder: Path) -> None:
    with whole_folder(folder) as inside:
        for name in ("a", "b", "c"):
            (inside / f"{name}.html").write_text("after")


def test_a_folder_is_filled_wholly_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "laporan"
    (target / "c.html").mkdir(parents=True)
    (target / "a.html").write_text("before")
    with pytest.raises(IsADirectoryError):
        _fill(target)
    assert entries(target) == {"a.html": b"before"}
    assert sorted(path.name for path in target.iterdir()) == ["a.html", "c.html"]


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("fails", [1, 2, 3])
def test_what_was_brought_is_taken_back_where_a_file_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int, *, links: bool
) -> None:
    target = tmp_path / "laporan"
    target.mkdir()
    for name in ("a", "c"):
        (target / f"{name}.html").write_text("before")
    replace, moved = Path.replace, 0

    def failing(self: Path, other: Path) -> Path:
        nonlocal moved
        moved += self.name == other.name and self.parent.name.startswith(".spbe-")
        if moved == fails:
            moved += 1
            raise KeyboardInterrupt
        return replace(self, other)

    def no_links(*_: object, **__: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(Path, "replace", failing)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(KeyboardInterrupt):
        _fill(target)
    assert entries(target) == {"a.html": b"before", "c.html": b"before"}
    assert sorted(path.name for path in target.iterdir()) == ["a.html", "c.html"]


def test_a_folder_of_reports_into_one_where_a_name_is_a_folder(spbe: Spbe, folder: Path) -> None:
    (folder / "out" / "index.html").mkdir(parents=True)
    ran = spbe("report", str(folder / "nilai.csv"), "--output-dir", str(folder / "out"))
    assert (ran.code, "[output-unwritable]" in ran.err) == (4, True)
    assert "index.html" in ran.err
    assert entries(folder / "out") == {}


def test_no_report_has_a_name_that_windows_keeps_for_a_device(spbe: Spbe, tmp_path: Path) -> None:
    names = ("con", "NUL", "aux.", "com1", "lpt9", "prn", "con")
    table = table_text([HEAD, *(row(name) for name in names)])
    out = tmp_path / "out"
    ran = spbe("report", "-", "--output-dir", str(out), stdin=table.encode())
    assert ran.code == 0, ran.err
    stems = {path.stem for path in out.iterdir()}
    assert not stems & {"con", "nul", "aux", "com1", "lpt9", "prn"}
    assert len(stems) == len(names) + 1


def test_many_reports_of_one_name() -> None:
    """Each name is looked for once, not as many times as it was taken."""
    reading = bandar_lampung()
    names = list(_file_names([reading] * 20_000, ReportFormat.HTML))
    assert len(set(names)) == 20_000


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["score", "{}/own-sheet.yaml"], "own.txt"),
        (["plan", "{}/a.yaml", "--costs", "{}/costs.json", "-f", "json"], "costs.json"),
        (["whatif", "{}/a.yaml", "--scenario", "{}/s.json"], "s.json"),
        (["compare", "{}/a.json", "{}/a.json"], "a.json"),
        (["score", "{}/lembar"], "lembar/c.json"),
    ],
)
def test_nothing_that_the_run_reads_is_written_over(
    spbe: Spbe, folder: Path, arguments: list[str], output: str
) -> None:
    (folder / "own-sheet.yaml").write_text(OWN_SHEET.replace("own.yaml", "own.txt"))
    (folder / "own.yaml").rename(folder / "own.txt")
    (folder / "costs.json").write_text('{"each": 2}')
    (folder / "s.json").write_text('{"scenarios": [{"name": "x", "set": {"1": 5}}]}')
    (folder / "lembar").mkdir()
    for name in ("a.json", "lembar/c.json"):
        copyfile(SHEET, folder / name)
    before = entries(folder)
    for force in ([], ["--force"]):
        asked = [each.format(folder) for each in arguments]
        ran = spbe(*asked, "-o", str(folder / output), *force)
        assert (ran.code, "[output-is-input]" in ran.err) == (2, True), ran.err
    assert entries(folder) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["whatif", "{}/own-sheet.yaml", "--set", "1=4", "--save", "{}/own.yaml", "--force"],
        ["batch", "{}/own-sheet.yaml", "-o", "{}/linked.csv", "--force"],
        ["batch", "{}/nilai.csv", "-o", "{}/x.csv", "--rejects", "{}/./x.csv"],
        ["init", "{}/own.yaml", "--instrument", "{}/own.yaml", "--force"],
        ["report", "{}/own-sheet.yaml", "-o", "{}/linked.html", "--force"],
    ],
)
def test_nor_by_the_commands_that_write_by_themselves(
    spbe: Spbe, folder: Path, arguments: list[str]
) -> None:
    (folder / "own-sheet.yaml").write_text(OWN_SHEET)
    for ending in ("csv", "html"):
        (folder / f"linked.{ending}").hardlink_to(folder / "own.yaml")
    before = entries(folder)
    ran = spbe(*(each.format(folder) for each in arguments))
    assert ran.code == 2, ran.err
    assert {"[output-is-input]", "[save-in-use]", "[output-twice]"} & set(ran.err.split())
    assert entries(folder) == before


@pytest.mark.parametrize("command", [["score"], ["levers"], ["batch"]])
@pytest.mark.parametrize("name", ["sheet.json", "nilai.csv", "forms.txt"])
def test_a_score_sheet_is_not_replaced_unasked(
    spbe: Spbe, folder: Path, command: list[str], name: str
) -> None:
    copyfile(ROOT / "examples" / "denpasar-2018.xlsx", folder / "forms.txt")
    copyfile(SHEET, folder / "sheet.json")
    before = entries(folder)
    if command == ["batch"] and name != "nilai.csv":
        return  # refused for its ending
    asked = [*command, "-o", str(folder / name), str(folder / "b.yaml")]
    ran = spbe(*asked)
    assert (ran.code, "[output-is-sheet]" in ran.err) == (4, True), ran.err
    assert entries(folder) == before
    assert spbe(*asked, "--force").code == 0
    assert entries(folder) != before


ANSWERING = (
    ["score", "{}/a.yaml"],
    ["check", "{}/a.yaml"],
    ["levers", "{}/a.yaml"],
    ["plan", "{}/a.yaml"],
    ["whatif", "{}/a.yaml", "--set", "1=5"],
    ["outlook", "{}/a.yaml", "--agreement", "0.9"],
    ["compare", "{}/a.yaml", "{}/b.yaml"],
    ["rank", "{}/nilai.csv"],
    ["profile", "{}/nilai.csv"],
    ["audit", "examples/national-2023.csv"],
)
WRITING = (
    *([*each, "-o"] for each in ANSWERING),
    ["batch", "{}/nilai.csv", "-o"],
    ["report", "{}/a.yaml", "-o"],
    ["merge", "{}/a.yaml", "-o"],
    ["init", "--year", "2024"],
)


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_what_an_ending_does_not_tell_is_not_written(
    spbe: Spbe, folder: Path, arguments: list[str]
) -> None:
    before = entries(folder)
    for name in ("x.foo", "x.docm", "x.json.bak"):
        ran = spbe(*(each.format(folder) for each in arguments), str(folder / name))
        assert (ran.code, "[output-ending]" in ran.err) == (2, True), ran.err
    assert entries(folder) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "{}/a.yaml", "-f", "json", "-o", "{}/x.csv"],
        ["score", "{}/a.yaml", "-f", "csv", "-o", "{}/x.json"],
        ["score", "{}/a.yaml", "-f", "table", "-o", "{}/x.pdf"],
        ["check", "{}/a.yaml", "-f", "junit", "-o", "{}/x.json"],
        ["whatif", "{}/a.yaml", "--set", "1=5", "--save", "{}/x.json"],
        ["batch", "{}/nilai.csv", "-o", "{}/x.csv", "--rejects", "{}/x.parquet"],
    ],
    ids=" ".join,
)
def test_nor_what_it_tells_of_something_else(
    spbe: Spbe, folder: Path, arguments: list[str]
) -> None:
    before = entries(folder)
    ran = spbe(*(each.format(folder) for each in arguments))
    assert (ran.code, "[output-ending]" in ran.err) == (2, True), ran.err
    assert entries(folder) == before


@pytest.mark.parametrize("arguments", ANSWERING, ids=" ".join)
def test_an_ending_chooses_the_format(spbe: Spbe, folder: Path, arguments: list[str]) -> None:
    asked = [each.format(folder) for each in arguments]
    endings = {"json": "json", "ndjson": "jsonl", "csv": "csv", "md": "markdown", "txt": "table"}
    for ending, form in endings.items():
        out = folder / f"out.{ending}"
        assert spbe(*asked, "-o", str(out)).code in (0, 1)
        ran = spbe(*asked, "-f", form)
        assert out.read_text("utf-8") == ran.out
    assert spbe(*asked, "-f", "json", "-o", str(folder / "own.name")).code in (0, 1)


def test_files_of_a_format_may_have_the_ending_of_what_they_are(spbe: Spbe, folder: Path) -> None:
    for form, name in {"sarif": "x.json", "gitlab": "y.json", "junit": "z.xml"}.items():
        ran = spbe("check", str(folder / "a.yaml"), "-f", form, "-o", str(folder / name))
        assert ran.code == 0, ran.err


def test_a_file_for_reading_alone_is_not_replaced_unasked(spbe: Spbe, folder: Path) -> None:
    out = folder / "out.json"
    out.write_text("{}")
    out.chmod(0o444)
    asked = ["score", str(folder / "a.yaml"), "-f", "json", "-o", str(out)]
    ran = spbe(*asked)
    assert (ran.code, "[output-read-only]" in ran.err) == (4, True)
    assert out.read_text() == "{}"
    assert spbe(*asked, "--force").code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o444


def _same_again() -> Iterator[list[str]]:
    for form in ("table", "json", "jsonl", "csv", "markdown"):
        yield ["score", "{}/a.yaml", "-f", form, "-o", "{}/out." + form]
        yield ["levers", "{}/a.yaml", "-f", form, "-o", "{}/out." + form]
        yield ["whatif", "{}/a.yaml", "--set", "1=5", "-f", form, "-o", "{}/out." + form]
        yield ["plan", "{}/a.yaml", "-f", form, "-o", "{}/out." + form]
        yield ["rank", "{}/nilai.csv", "-f", form, "-o", "{}/out." + form]
        yield ["compare", "{}/a.yaml", "{}/b.yaml", "--exit-zero", "-f", form, "-o", "{}/o." + form]
    for form in ("csv", "jsonl"):
        yield ["batch", "{}/nilai.csv", "-o", "{}/out." + form, "--rejects", "{}/rejects.csv"]
    yield ["whatif", "{}/a.yaml", "--set", "1=5", "--save", "{}/plan.yaml"]
    yield ["--lang", "id", "whatif", "{}/a.yaml", "--set", "1=5", "--save", "{}/plan.yaml"]


@pytest.mark.parametrize("arguments", list(_same_again()), ids=" ".join)
def test_the_same_command_may_be_given_again(
    spbe: Spbe, folder: Path, arguments: list[str]
) -> None:
    asked = [each.format(folder) for each in arguments]
    first = spbe(*asked)
    written = entries(folder)
    again = spbe(*asked)
    assert (first.code, again.code) == (again.code, first.code)
    assert "output-is-sheet" not in again.err
    assert entries(folder) == written


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "{}/a.yaml", "-o", "{}/loop.json"],
        ["batch", "{}/nilai.csv", "-o", "{}/loop.csv"],
        ["batch", "{}/nilai.csv", "-o", "{}/x.csv", "--rejects", "{}/loop.csv"],
        ["report", "{}/a.yaml", "-o", "{}/loop.html"],
        ["report", "{}/a.yaml", "--output-dir", "{}/loop.html"],
        ["init", "{}/loop.yaml", "--year", "2023"],
        ["whatif", "{}/a.yaml", "--set", "1=5", "--save", "{}/loop.yaml"],
    ],
    ids=" ".join,
)
def test_a_circle_of_links_is_no_place_to_write_to(
    spbe: Spbe, folder: Path, arguments: list[str]
) -> None:
    for ending in ("json", "csv", "html", "yaml"):
        (folder / f"loop.{ending}").symlink_to(folder / f"loop2.{ending}")
        (folder / f"loop2.{ending}").symlink_to(folder / f"loop.{ending}")
    before = entries(folder)
    ran = spbe(*(each.format(folder) for each in arguments))
    assert (ran.code, "[output-unwritable]" in ran.err) == (4, True), ran.err
    assert "loop." in ran.err
    assert entries(folder) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "{}/a.yaml", "-o", "/nowhere/x.json"],
        ["batch", "{}/nilai.csv", "-o", "/nowhere/x.csv"],
        ["batch", "{}/nilai.csv", "-o", "{}/x.csv", "--rejects", "/nowhere/x.csv"],
        ["report", "{}/a.yaml", "-o", "/nowhere/x.html"],
        ["report", "{}/a.yaml", "--output-dir", "/nowhere/x/y"],
        ["init", "/nowhere/x.yaml", "--year", "2023"],
        ["whatif", "{}/a.yaml", "--set", "1=5", "--save", "/nowhere/x.yaml"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_written_is_named_as_it_was_asked_for(
    spbe: Spbe, folder: Path, arguments: list[str]
) -> None:
    ran = spbe(*(each.format(folder) for each in arguments))
    assert (ran.code, "[output-unwritable]" in ran.err) == (4, True)
    assert "/nowhere/x" in ran.err
    assert ".spbe-" not in ran.err
    assert not [path for path in folder.rglob("*") if path.name in ("x.csv", "x.html")]


def test_a_full_disk_leaves_nothing(
    spbe: Spbe, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that cannot be finished is not there, nor is the part that could."""

    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(html, "index_html", full)
    for out in ("new", "there"):
        (folder / "there").mkdir(exist_ok=True)
        ran = spbe("report", str(folder / "nilai.csv"), "--output-dir", str(folder / out))
        assert (ran.code, "No space left" in ran.err) == (4, True)
    assert not (folder / "new").exists()
    assert list((folder / "there").iterdir()) == []
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
