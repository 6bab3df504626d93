"""What files name, and what folders hold: pipes, devices, links in a circle, files of others."""

import os
from pathlib import Path
from shutil import copyfile

import pytest
from conftest import ROOT, Spbe
from support.sheets import BANDAR_LAMPUNG

from spbe_cli.read.assessments import files_in, read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.text import LARGEST

OWN = ROOT / "tests" / "broken" / "small-instrument.yaml"
LINE = "root:$6$secret:19000:0:99999:7:::\n"
SHEET = "institution: A\nyear: 2023\ninstrument: {}\nlevels: {{1: 3, 2: 4, 3: 2, 4: 3}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copyfile(ROOT / BANDAR_LAMPUNG, tmp_path / "a.yaml")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    with (tmp_path / "huge.yaml").open("wb") as stream:
        stream.truncate(LARGEST + 1)
    return tmp_path


NAMING = (
    ["score", "{}/a.yaml", "--instrument"],
    ["instrument", "check"],
    ["plan", "{}/a.yaml", "--costs"],
    ["whatif", "{}/a.yaml", "--scenario"],
    ["outlook", "{}/a.yaml", "--agreements"],
    ["report", "{}/a.yaml", "-o", "{}/x.docx", "--template"],
)


@pytest.mark.parametrize("arguments", NAMING, ids=" ".join)
@pytest.mark.parametrize(
    ("name", "code"),
    [("pipe", "not-regular"), ("zero", "not-regular"), ("huge.yaml", "too-large"), ("", "is-dir")],
)
def test_only_regular_files_go_with_a_sheet(
    spbe: Spbe, folder: Path, arguments: list[str], name: str, code: str
) -> None:
    """A pipe would never end, a device neither."""
    ran = spbe(*(each.format(folder) for each in arguments), str(folder / name))
    assert (ran.code, f"[file-{code}" in ran.err) == (4, True), ran.err


@pytest.mark.parametrize("name", ["pipe", "zero"])
def test_nor_may_a_sheet_name_a_pipe(spbe: Spbe, folder: Path, name: str) -> None:
    (folder / "s.yaml").write_text(SHEET.format(name))
    ran = spbe("score", str(folder / "s.yaml"))
    assert (ran.code, "[file-not-regular]" in ran.err) == (4, True), ran.err


def test_a_sheet_does_not_name_standard_input(spbe: Spbe, folder: Path) -> None:
    (folder / "s.yaml").write_text(SHEET.format('"-"'))
    ran = spbe("score", str(folder / "s.yaml"), stdin=OWN.read_bytes())
    assert (ran.code, "[instrument-not-one]" in ran.err) == (3, True), ran.err


SECRETS = (
    LINE,
    "password: hunter2secret\n",
    "[secret, more]",
    "a: b: secret",
    '"secret',
    "secret\x01\x02",
    "id: secret\nscale: 1\n",
    "\x00\x01\x02\x03" * 99 + "secret",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_is_shown_of_a_file_that_is_no_instrument(
    spbe: Spbe, tmp_path: Path, secret: str
) -> None:
    (tmp_path / "shadow").write_text(secret)
    (tmp_path / "s.yaml").write_text(SHEET.format(tmp_path / "shadow"))
    for command in ("score", "check", "levers"):
        for form in ([], ["--format", "json"]) if command != "check" else ([],):
            ran = spbe(command, str(tmp_path / "s.yaml"), *form)
            assert (ran.code, "[instrument-not-one]" in ran.err) == (3, True), ran.err
            assert "secret" not in ran.out + ran.err
    rows = "".join(f"{number},3\n" for number in range(1, 48))
    table = f"instrument,{tmp_path / 'shadow'}\nno,nilai\n{rows}"
    ran = spbe("score", "-", stdin=table.encode())
    assert ran.code == 3
    assert "secret" not in ran.out + ran.err


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_is_shown_of_a_file_that_holds_no_criteria(
    spbe: Spbe, tmp_path: Path, secret: str
) -> None:
    (tmp_path / "shadow").write_text(secret)
    own = OWN.read_text("utf-8") + f"criteria: {tmp_path / 'shadow'}\n"
    (tmp_path / "own.yaml").write_text(own)
    (tmp_path / "s.yaml").write_text(SHEET.format("own.yaml"))
    ran = spbe("report", str(tmp_path / "s.yaml"))
    assert (ran.code, "[document-other]" in ran.err) == (0, True), ran.err
    assert "secret" not in ran.out + ran.err


def test_what_is_wrong_with_an_instrument_that_is_one_is_shown(spbe: Spbe, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN.read_text("utf-8") + "pasword: secret\n")
    (tmp_path / "s.yaml").write_text(SHEET.format("own.yaml"))
    ran = spbe("score", str(tmp_path / "s.yaml"))
    assert (ran.code, "[unknown-key]" in ran.err) == (3, True)
    assert "pasword: secret" in ran.err


def test_an_instrument_of_many_sheets_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.yaml").write_text(OWN.read_text("utf-8"))
    (tmp_path / "s.yaml").write_text("---\n".join([SHEET.format("own.yaml")] * 50))
    loaded: list[str] = []
    load = read_file.__globals__["load"]

    def counting(path: str, **rest: bool) -> object:
        loaded.append(path)
        return load(path, **rest)

    monkeypatch.setattr("spbe_cli.read.instruments.load", counting)
    found = read_file(str(tmp_path / "s.yaml"), Wishes())
    assert (len(found.readings), len(loaded)) == (50, 1)
    (tmp_path / "own.yaml").write_text(OWN.read_text("utf-8").replace("id: ", "id: other-"))
    changed = read_file(str(tmp_path / "s.yaml"), Wishes()).readings
    assert changed[0].instrument.id.startswith("other-")


def test_links_in_a_circle_and_twice_to_one_file(spbe: Spbe, folder: Path) -> None:
    (folder / "huge.yaml").unlink()
    (folder / "inner").mkdir()
    (folder / "inner" / "up").symlink_to(folder)
    (folder / "inner" / "again").symlink_to(folder / "inner")
    (folder / "z.yaml").symlink_to(folder / "a.yaml")
    (folder / "inner" / "dangling.yaml").symlink_to("nowhere.yaml")
    (folder / "self.yaml").symlink_to("self.yaml")
    paths, problems = files_in([str(folder)])
    assert (paths, [each.code for each in problems]) == ([str(folder / "a.yaml")], [])
    for given in (str(folder), str(folder / "**" / "*.yaml")):
        ran = spbe("score", given, "-f", "jsonl")
        assert ran.out.count("Bandar Lampung") <= 1
    assert spbe("score", str(folder), str(folder), "-f", "csv").out.count("Bandar Lampung") == 1


def test_folders_deeper_than_python_calls(tmp_path: Path) -> None:
    made = [tmp_path]
    for _ in range(1100):
        made.append(made[-1] / "a")
        try:
            made[-1].mkdir()
        except OSError:
            made.pop()
            break
    try:
        paths, problems = files_in([str(tmp_path)])
    finally:
        for folder in reversed(made[1:]):  # what clears folders of tests away calls itself
            folder.rmdir()
    assert (paths, [each.code for each in problems]) == ([], ["folder-empty"])
