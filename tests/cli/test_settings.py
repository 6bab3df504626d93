"""Settings: what wins over what, what is said of it, and what is wrong with it."""

import json
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

from spbe_cli.cli.defaults import PARAMETERS

SHEET = str(ROOT / "examples" / "bandar-lampung-2023.yaml")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below one that settings may stand in, and a user with a home of their own."""
    below = tmp_path / "office" / "below"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def year_of(spbe: Spbe, *arguments: str, **environment: str) -> int:
    found = spbe("score", SHEET, "--format", "json", *arguments, **environment)
    assert found.code == 0, found.err
    year: int = json.loads(found.out)["results"][0]["year"]
    return year


def test_options_win_then_the_environment_then_the_nearest_file(spbe: Spbe, office: Path) -> None:
    assert year_of(spbe) == 2023
    write(office / "home/.config/spbe/spbe.toml", "year = 2021\n")
    assert year_of(spbe) == 2021
    write(office / "office/pyproject.toml", "[tool.spbe]\nyear = 2022\n")
    assert year_of(spbe) == 2022
    write(office / "office/below/spbe.toml", "year = 2024\n")
    assert year_of(spbe) == 2024
    assert year_of(spbe, SPBE_YEAR="2025") == 2025
    assert year_of(spbe, "--year", "2023", SPBE_YEAR="2025") == 2023


def test_files_complement_each_other(spbe: Spbe, office: Path) -> None:
    write(office / "home/.config/spbe/spbe.toml", 'language = "id"\nyear = 2021\n')
    write(office / "office/spbe.toml", "year = 2022\n")
    found = spbe("score", SHEET)
    assert "2022" in found.out
    assert "Nama" in found.out


def test_a_pyproject_without_settings_is_none(spbe: Spbe, office: Path) -> None:
    write(office / "office/spbe.toml", "year = 2022\n")
    write(office / "office/below/pyproject.toml", "[tool.other]\nyear = 2024\n")
    assert year_of(spbe) == 2022


def test_what_changes_a_result_is_said_and_stands_in_the_json(spbe: Spbe, office: Path) -> None:
    path = office / "office/spbe.toml"
    write(path, 'language = "id"\nformat = "json"\nyear = 2024\n\n[gates]\nmin-index = 2.6\n')
    found = spbe("score", SHEET)
    assert found.code == 1
    document = json.loads(found.out)
    assert document["settings"] == [
        {"key": "year", "value": "2024", "source": f"{path}:3:1"},
        {"key": "min-index", "value": "2.6", "source": f"{path}:6:1"},
    ]
    assert document["gates"][0]["expected"] == "2.6"
    assert found.err.count("[setting-used]") == 2
    line = json.loads(spbe("score", SHEET, "--format", "jsonl").out)
    assert line["settings"] == document["settings"]
    own = spbe("score", SHEET, "--year", "2023", "--min-index", "1")
    assert "settings" not in json.loads(own.out)
    assert "setting-used" not in own.err


def test_no_settings_say_nothing(spbe: Spbe, office: Path) -> None:
    assert not list(office.rglob("*.toml"))
    found = spbe("score", SHEET, "--format", "json")
    assert "settings" not in json.loads(found.out)
    assert found.err == ""


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("yaer = 2023\n", "unknown-key", '"year"'),
        ("min-index = 2\n", "unknown-key", "min-index"),
        ("gates = 2.6\n", "setting-wrong", "2.6"),
        ("[gates]\nmin-indx = 2\n", "unknown-key", '"min-index"'),
        ('language = "indonesia"\n', "setting-wrong", "id, en"),
        ('format = "jsn"\n', "setting-wrong", '"json"'),
        ("year = 23\n", "setting-wrong", "2000-2999"),
        ("year = true\n", "setting-wrong", "True"),
        ("year = [2023]\n", "setting-wrong", "2023"),
        ("instrument = spbe-2020\n", "settings-unreadable", "line 1"),
        ('instrument = ""\n', "setting-wrong", "instrument"),
    ],
)
def test_wrong_settings_are_said_with_place_and_nearest(
    spbe: Spbe, office: Path, text: str, code: str, says: str
) -> None:
    path = office / "office/spbe.toml"
    write(path, text)
    found = spbe("score", SHEET)
    assert (found.code, found.out) == (2, "")
    assert f"[{code}]" in found.err
    assert says in found.err
    assert str(path) in found.err
    assert spbe("score", "--help").code == 0


@pytest.mark.parametrize(
    ("name", "value"), [("SPBE_LANG", "fr"), ("SPBE_FORMAT", "jsn"), ("SPBE_YEAR", "dua")]
)
def test_a_wrong_variable_is_said(spbe: Spbe, office: Path, name: str, value: str) -> None:
    found = spbe("score", SHEET, **{name: value})
    assert office.is_dir()
    assert found.code == 2
    assert f"{name}: error: " in found.err
    assert f'"{value}"' in found.err


def test_settings_shows_each_value_and_where_it_comes_from(spbe: Spbe, office: Path) -> None:
    write(office / "office/spbe.toml", 'costs = "biaya.yaml"\n')
    found = spbe("settings", SPBE_STAGE="final", COLUMNS="120")
    rows = {line.split()[0]: line for line in found.out.splitlines() if line.strip()}
    assert rows.keys() >= PARAMETERS.keys()
    assert "SPBE_STAGE" in rows["stage"]
    assert rows["costs"].split()[1] != "-"
    assert rows["year"].split() == ["year", "-", "the", "default"]


def test_a_file_is_named_from_where_the_settings_stand(spbe: Spbe, office: Path) -> None:
    write(office / "office/spbe.toml", 'costs = "biaya.yaml"\n')
    (office / "office/biaya.yaml").write_bytes((ROOT / "examples/biaya.yaml").read_bytes())
    asked = ("plan", SHEET, "--format", "json")
    set_ = json.loads(spbe(*asked).out)
    given = json.loads(spbe(*asked, "--costs", "../biaya.yaml").out)
    assert set_.pop("settings")[0]["key"] == "costs"
    assert set_ == given


def test_a_report_has_formats_of_its_own(spbe: Spbe, office: Path) -> None:
    write(office / "office/spbe.toml", 'format = "json"\n')
    assert spbe("report", SHEET).out.startswith("# ")
    assert json.loads(spbe("levers", SHEET).out)["format"] == "spbe-levers/1"
