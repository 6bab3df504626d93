"""Settings: what wins over what, what is said of it, and what is wrong with it."""

import csv
import errno
import io
import json
import os
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

from spbe_cli.cli.defaults import PARAMETERS, SAID_REASONS

SHEET = str(ROOT / "examples" / "bandar-lampung-2023.yaml")
UNDATED = "levels:\n" + "".join(f"  {code}: 3\n" for code in range(1, 48))
REASONED = [
    "year = spbe\n",
    "year 2024\n",
    "year = 2024 2025\n",
    "year = 2024\nyear = 2025\n",
    "[gates]\n[gates]\n",
    "gates = {min-index = 2, min-index = 3}\n",
    'stage = "self\n',
    "year = [2024\n",
    "[gates\n",
    'costs = "C:\\kantor\\biaya.yaml"\n',
    'stage = """self',
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below one that settings may stand in, and a user with a home of their own."""
    below = tmp_path / "office" / "below"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    (below / "nilai.yaml").write_text(UNDATED, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    ours = [name for name in os.environ if name.startswith("SPBE_")]  # such as those of the suite
    for name in ("XDG_CONFIG_HOME", "APPDATA", *ours):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def year_of(spbe: Spbe, *arguments: str, sheet: str = "nilai.yaml", **environment: str) -> int:
    found = spbe("score", sheet, "--format", "json", *arguments, **environment)
    assert found.code == 0, found.err
    year: int = json.loads(found.out)["results"][0]["year"]
    return year


def test_options_win_then_the_environment_then_the_nearest_file(spbe: Spbe, office: Path) -> None:
    assert year_of(spbe) is None
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
    found = spbe("score", "nilai.yaml")
    assert "2022" in found.out
    assert "Nama" in found.out


def test_a_pyproject_without_settings_is_none(spbe: Spbe, office: Path) -> None:
    write(office / "office/spbe.toml", "year = 2022\n")
    write(office / "office/below/pyproject.toml", "[tool.other]\nyear = 2024\n")
    assert year_of(spbe) == 2022


def test_what_changes_a_result_is_said_and_stands_in_the_json(spbe: Spbe, office: Path) -> None:
    path = office / "office/spbe.toml"
    write(path, 'language = "id"\nformat = "json"\nyear = 2024\n\n[gates]\nmin-index = 3.1\n')
    found = spbe("score", "nilai.yaml")
    assert found.code == 1
    document = json.loads(found.out)
    assert document["settings"] == [
        {"key": "year", "value": "2024", "source": f"{path}:3:1"},
        {"key": "min-index", "value": "3.1", "source": f"{path}:6:1"},
    ]
    assert document["gates"][0]["expected"] == "3.1"
    assert found.err.count("[setting-used]") == 2
    line = json.loads(spbe("score", "nilai.yaml", "--format", "jsonl").out)
    assert line["settings"] == document["settings"]
    own = spbe("score", "nilai.yaml", "--year", "2023", "--min-index", "1")
    assert "settings" not in json.loads(own.out)
    assert "setting-used" not in own.err


def test_a_setting_only_fills_in_what_a_sheet_does_not_say(spbe: Spbe, office: Path) -> None:
    write(office / "office/spbe.toml", 'year = 2024\ninstrument = "spbe-2018"\n')
    assert year_of(spbe, sheet=SHEET, SPBE_INSTRUMENT="spbe-2020") == 2023
    named = office / "office/below/bernama.yaml"
    write(named, f"instrument: spbe-2020\n{UNDATED}")
    found = spbe("score", str(named), "--format", "json")
    (result,) = json.loads(found.out)["results"]
    assert (result["instrument"], result["year"]) == ("spbe-2020", 2024)
    assert [each["key"] for each in json.loads(found.out)["settings"]] == ["year"]
    table = office / "office/below/indeks.csv"
    write(table, "Nama Pemda,Tahun,Nilai SPBE\nKota A,2022,2.5\nKota B,2022,3.5\n")
    ranked = json.loads(spbe("rank", str(table), "--format", "json", SPBE_INSTRUMENT=" ").out)
    assert {each["year"] for each in ranked["results"]} == {2022}
    write(table, "Nama Pemda,Nilai SPBE\nKota A,2.5\nKota B,3.5\n")
    ranked = json.loads(
        spbe("rank", str(table), "--format", "json", SPBE_INSTRUMENT="spbe-2020").out
    )
    assert {each["year"] for each in ranked["results"]} == {2024}
    assert [each["key"] for each in ranked["settings"]] == ["instrument", "year"]


def test_a_table_of_batch_says_its_year_itself(spbe: Spbe, office: Path) -> None:
    write(office / "office/spbe.toml", "year = 2024\n")
    codes = ",".join(map(str, range(1, 48)))
    levels = ",".join(["3"] * 47)
    table = office / "office/below/nilai.csv"
    write(table, f"instansi,tahun,{codes}\nKota A,2022,{levels}\nKota B,,{levels}\n")
    found = spbe("batch", str(table), "-o", "-")
    years = [row["year"] for row in csv.DictReader(io.StringIO(found.out))]
    assert years == ["2022", "2024"]
    assert found.err.count("[setting-used]") == 1


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
        ('language = "indonesia"\n', "setting-wrong", 'language = "id" | "en"'),
        ('format = "jsn"\n', "setting-wrong", '"json"'),
        ("year = 23\n", "setting-wrong", "year = 2024"),
        ("year = true\n", "setting-wrong", '"true"'),
        ("year = [2023]\n", "setting-wrong", "2023"),
        ("instrument = spbe-2020\n", "settings-unreadable", "spbe.toml:1:14: "),
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
    ("text", "key", "near"),
    [
        ('[gates]\nmin-index = "abc"\n', "min-index", "min-index = 2.6"),
        ('[gates]\nmin-predicate = "bagus"\n', "min-predicate", "bagus"),
        ('stage = "akhir-akhir"\n', "stage", "stage = "),
        ('instrument = "spbe-2021"\n', "instrument", '"spbe-2020"'),
    ],
)
def test_a_wrong_setting_is_blamed_and_not_an_option(
    spbe: Spbe, office: Path, text: str, key: str, near: str
) -> None:
    path = office / "office/spbe.toml"
    write(path, text)
    line = text.count("\n")
    for command in (("settings",), ("score", SHEET)):
        found = spbe(*command)
        assert found.code == 2
        assert f"{path}:{line}:1: " in found.err
        assert near in found.err
        assert f"--{key}" not in found.err
    given = {
        "min-index": "1",
        "min-predicate": "kurang",
        "stage": "self",
        "instrument": "spbe-2020",
    }
    assert spbe("score", SHEET, f"--{key}", given[key]).code in (0, 3)
    told = json.loads(spbe("score", SHEET, "--format", "json").out)
    assert told["format"] == "spbe-problems/1"
    assert str(path) in json.dumps(told["problems"])


def test_a_wrong_setting_stops_only_what_takes_it(spbe: Spbe, office: Path) -> None:
    path = office / "office/spbe.toml"
    write(path, 'year = "dua ribu"\nkosts = "biaya.yaml"\n')
    explained = spbe("explain", "setting-wrong")
    assert explained.code == 0
    assert explained.err.count(": notice: ") == 1
    assert spbe("schema", "settings").err == ""
    assert spbe("settings").err.count(": error: ") == 2
    assert spbe("score", SHEET, "--year", "2023").err.count(": error: ") == 1
    write(path, '[gates]\nmin-index = "abc"\n')
    assert spbe("levers", SHEET).code == 0


def test_a_format_in_the_settings_tells_what_an_option_is_wrong_with(
    spbe: Spbe, office: Path
) -> None:
    write(office / "office/spbe.toml", 'format = "json"\n')
    assert json.loads(spbe("score", "--yaer", "2023").out)["format"] == "spbe-problems/1"


def test_a_file_that_may_not_be_read_is_said(
    spbe: Spbe, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(office / "office/spbe.toml", "year = 2024\n")
    whole = Path.open

    def closed(path: Path, *arguments: str, **named: str) -> object:
        if path.name == "spbe.toml":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return whole(path, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", closed)
    found = spbe("score", SHEET)
    assert (found.code, found.out) == (2, "")
    assert "[file-no-permission]" in found.err


def test_what_is_called_like_settings_and_is_none_is_said(spbe: Spbe, office: Path) -> None:
    (office / "office/spbe.toml").mkdir()
    said = spbe("score", SHEET).err
    assert "[file-is-directory]" in said
    assert "score sheet" not in said
    (office / "office/spbe.toml").rmdir()
    found = spbe("score", SHEET, SPBE_YAER="2024")
    assert found.code == 0
    assert 'SPBE_YAER: notice: the key "SPBE_YAER" is unknown' in found.err
    assert '"SPBE_YEAR"' in found.err
    assert "SPBE_FOO" in spbe("settings", SPBE_FOO="1").err


@pytest.mark.parametrize("text", REASONED)
def test_why_settings_are_no_toml_is_said_in_either_language(
    spbe: Spbe, office: Path, text: str
) -> None:
    write(office / "office/spbe.toml", text)
    english, indonesian = (spbe("score", SHEET, "--lang", each).err for each in ("en", "id"))
    assert "[settings-unreadable]" in english
    assert any(f"TOML: {reason} [" in english for reason in SAID_REASONS[:-1])
    assert not any(reason in indonesian for reason in SAID_REASONS)


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
    (office / "office/biaya.yaml").write_bytes((ROOT / "examples/biaya.yaml").read_bytes())
    write(office / "office/spbe.toml", 'costs = "biaya.yaml"\n')
    found = spbe("settings", SPBE_STAGE="final", COLUMNS="120")
    rows = {line.split()[0]: line for line in found.out.splitlines() if line.strip()}
    assert rows.keys() >= PARAMETERS.keys()
    assert "SPBE_STAGE" in rows["stage"]
    assert rows["costs"].split()[1] != "-"
    assert rows["year"].split() == ["year", "-", "the", "default"]


def test_settings_are_told_to_machines_whole_also_where_one_is_wrong(
    spbe: Spbe, office: Path
) -> None:
    path = office / "office/spbe.toml"
    write(path, 'stage = "self"\n[gates]\nmin-index = "abc"\n')
    found = spbe("settings", "--format", "json", SPBE_YEAR="2024", SPBE_YAER="1")
    document = json.loads(found.out)
    assert (found.code, document["format"]) == (2, "spbe-settings/1")
    held = {each.pop("key"): each for each in document["results"]}
    assert list(held) == list(PARAMETERS)
    assert held["stage"] == {"value": "self", "source": f"{path}:1:1"}
    assert held["year"] == {"value": "2024", "source": "SPBE_YEAR"}
    assert held["min-index"] == {"value": "abc", "source": f"{path}:3:1"}
    assert held["costs"] == {"value": None, "source": None}
    said = [(each["code"], each["severity"], each["line"]) for each in document["problems"]]
    assert said == [("setting-wrong", "usage", 3), ("unknown-key", "notice", None)]
    lines = [json.loads(line) for line in spbe("settings", "-f", "jsonl").out.splitlines()]
    assert [line["format"] for line in lines] == ["spbe-settings/1"] * 8 + ["spbe-problems/1"]
    rows = list(csv.reader(io.StringIO(spbe("settings", "-f", "csv").out)))
    assert rows[:2] == [["key", "value", "source"], ["language", "", ""]]
    write(path, 'format = "json"\n')
    assert json.loads(spbe("settings").out)["problems"] == []
    assert spbe("settings").code == 0


@pytest.mark.parametrize(
    ("value", "near"),
    [("Indonesia", "id"), ("indonesian", "id"), ("inggris", "en"), ("ind", "id"), ("ID", "id")],
)
def test_a_wrong_language_is_one_problem_with_place_and_nearest(
    spbe: Spbe, office: Path, value: str, near: str
) -> None:
    path = office / "office/spbe.toml"
    write(path, f'language = "{value}"\n')
    for command in (("settings",), ("score", SHEET), ("init", "x.yaml", "--year", "2023")):
        found = spbe(*command)
        assert found.code == 2
        assert found.err.count("[setting-wrong]") == 1
        assert f"{path}:1:1: error: " in found.err
        assert f'did you mean "{near}"?' in found.err
    explained = spbe("explain", "setting-wrong")
    assert (explained.code, explained.err.count(": notice: ")) == (0, 1)


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
