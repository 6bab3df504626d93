"""Every command that reads score sheets takes folders and patterns in place of files."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

from spbe_cli.read.assessments import files_in

JAMBI = ("kota-jambi-2022.yaml", "kota-jambi-2023.yaml")
COMMANDS = [
    ("score", "{now}"),
    ("plan", "{now}", "--target", "memuaskan"),
    ("levers", "{now}"),
    ("outlook", "{now}", "--agreement", "0.9"),
    ("outlook", "--calibrate", "{paired}"),
    ("rank", "{now}"),
    ("profile", "{now}"),
    ("whatif", "{now}", "--set", "12=4"),
    ("compare", "{before}", "{now}"),
]


@pytest.mark.parametrize("kind", ["folder", "pattern"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_folder_or_a_pattern_is_the_files_in_it(
    command: tuple[str, ...], kind: str, spbe: Spbe, tmp_path: Path
) -> None:
    here = {}
    pairs = zip(("before", "now", "paired"), (*JAMBI, "denpasar-2018.yaml"), strict=True)
    for folder, name in pairs:
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / "examples" / name, tmp_path / folder / name)
        (tmp_path / folder / "~$nilai.xlsx").write_bytes(b"")
        here[folder] = (tmp_path / folder / name, tmp_path / folder)
    asked = [
        [part.format(**{key: form(paths, kind) for key, paths in here.items()}) for part in command]
        for form in (lambda paths, _: paths[0], lambda paths, kind: opened(paths[1], kind))
    ]
    of_file, of_folder = (spbe(*each, "-f", "csv") for each in asked)
    assert (of_folder.code, of_folder.out) == (of_file.code, of_file.out)
    assert of_file.out


def opened(folder: Path, kind: str) -> str:
    return str(folder) if kind == "folder" else f"{folder}/*.yaml"


@pytest.mark.parametrize("kind", ["folder", "pattern"])
def test_check_counts_the_files_in_it(kind: str, spbe: Spbe, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / JAMBI[1], tmp_path)
    found = spbe("check", opened(tmp_path, kind))
    assert found.code == 0
    assert "files: 1, score sheets: 1" in found.out


@pytest.fixture
def lembar(tmp_path: Path) -> Path:
    """Return a folder with a score sheet, other files, and links to the sheet."""
    folder = tmp_path / "lembar"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / JAMBI[1], folder / "a.yaml")
    (folder / "z.yaml").symlink_to(folder / "a.yaml")
    (folder / "round.yaml").symlink_to(folder / "round.yaml")
    (tmp_path / "hard.yaml").hardlink_to(folder / "a.yaml")
    (tmp_path / "soft.yaml").symlink_to(folder / "a.yaml")
    return folder


@pytest.mark.parametrize("other", ["{}/./a.yaml", "{}/../hard.yaml", "{}/../soft.yaml", "{}"])
@pytest.mark.parametrize("command", ["score", "batch", "check", "levers"])
def test_a_file_that_is_given_twice_counts_once(
    spbe: Spbe, tmp_path: Path, lembar: Path, command: str, other: str
) -> None:
    out = tmp_path / "out.csv"
    files = (str(lembar / "a.yaml"), other.format(lembar))
    ran = spbe(command, *files, "-o", str(out), "--force")
    assert (ran.code, "[file-repeated]" in ran.err) == (0, True), ran.err
    once = spbe(command, files[0], "-f", "csv") if command != "batch" else None
    assert len(out.read_text("utf-8").splitlines()) == (len(once.out.splitlines()) if once else 2)


def test_a_folder_of_everything_is_refused_before_it_is_read(
    spbe: Spbe, tmp_path: Path, lembar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spbe_cli.read.assessments.MOST_ENTRIES", 50)
    for number in range(60):
        (lembar / f"{number:02}.log").touch()
    monkeypatch.setattr(
        "spbe_cli.read.assessments.load", lambda *_, **__: pytest.fail("a file was read")
    )
    for command in (("score", str(lembar)), ("batch", str(lembar), "-o", str(tmp_path / "o.csv"))):
        ran = spbe(*command)
        assert (ran.code, "[folder-too-large]" in ran.err) == (3, True), ran.err


def test_of_many_other_files_some_are_named(lembar: Path) -> None:
    for number in range(3000):
        (lembar / f"{number}.log").touch()
    paths, problems = files_in([str(lembar)])
    assert paths == [str(lembar / "a.yaml")]
    assert [problem.code for problem in problems] == ["files-not-read"]
    assert len(problems[0].values["found"]) < 3000  # some of them are named, all are counted
    assert "3000" in problems[0].values["found"]


def test_more_files_than_a_command_answers_for(
    spbe: Spbe, lembar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spbe_cli.cli.options.MOST_SHEETS", 5)
    for number in range(6):
        (lembar / f"{number}.csv").touch()
    ran = spbe("score", str(lembar))
    assert (ran.code, "[sheets-too-many]" in ran.err, "[file-empty]" in ran.err) == (3, True, False)


def test_how_far_it_is_is_shown_on_a_terminal_where_there_are_many(
    spbe: Spbe, lembar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []

    @contextmanager
    def bar(total: int, *, colour: bool) -> Iterator[Callable[[int], None]]:
        assert not colour
        shown.append(total)
        yield shown.append

    monkeypatch.setattr("spbe_cli.cli.command.progress_bar", bar)
    assert spbe("score", str(lembar)).code == 0
    assert not shown
    for number in range(30):
        (lembar / f"{number:02}.yaml").write_text(f"# {number}\n" + (lembar / "a.yaml").read_text())
    assert spbe("score", str(lembar)).code == 0
    assert shown == [31, *[1] * 31]
