"""Indices of other evaluations in sheets and as an option; old evidence that serves again."""

import json
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
import yaml
from conftest import ROOT, Spbe

from spbe_cli import InvalidInputError, read_assessment
from spbe_cli.batch import score_frame
from spbe_cli.core.assessment import Origin
from spbe_cli.core.carried import Use
from spbe_cli.read import stream_rows
from spbe_cli.read.assessments import FileReadings, read_file
from spbe_cli.read.carried import read_carried
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file, shipped_instrument

PEMDI = shipped_instrument("pemdi-2026")
GIVEN = {"SDI": "62.5", "SJIG": "2.1", "IPS": "2.56", "IKASANDI": "3.0"}


def sheet(folder: Path, levels: dict[str, object], **more: object) -> Path:
    path = folder / "nilai.yaml"
    data = {"year": 2026, **more, "levels": levels}
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def codes_of(found: FileReadings) -> list[str]:
    notices = [notice for reading in found.readings for notice in reading.notices]
    said = [problem.code for problem in (*found.problems, *notices)]
    return [code for code in said if code != "instrument-provisional"]


def without(*codes: str) -> dict[str, object]:
    return {code: 1 for code in PEMDI.indicator_by_code if code not in codes}


def test_indices_give_the_values_of_their_indicators(tmp_path: Path) -> None:
    levels = without("5", "6", "7") | {"10": 3.5, "11": 3.9, "12": 3.4}
    found = read_file(str(sheet(tmp_path, levels, indices=GIVEN)), Wishes())
    (reading,) = found.readings
    entries = reading.assessment.entries
    values = {code: entries[code].level for code in "567"}
    assert values == {"5": Fraction("3.5"), "6": Fraction("2.1"), "7": Fraction("2.45")}
    assert {entries[code].origin for code in "567"} == {Origin.INDEX}
    assert reading.assessment.indices == {code: Fraction(text) for code, text in GIVEN.items()}
    assert codes_of(found) == [
        "value-from-index",
        "value-from-index-read",
        "value-from-index-read",
        "index-exceeded",
    ]
    (exceeded,) = (each for each in reading.notices if each.code == "index-exceeded")
    assert (
        exceeded.values["indicators"] == "10"
    )  # 11 is limited from level 5 on, 12 lies in level 3


@pytest.mark.parametrize(
    ("index", "levels", "exceeded"),
    [
        ("3.0", {"12": "3.49"}, ""),
        ("3.0", {"12": "3.5"}, "12"),
        ("1.49", {"10": "1.5", "12": "1.5"}, "10, 12"),
        ("3.99", {"11": "4"}, "11"),
        ("2.5", {"11": "3.99"}, ""),
        ("5", {"10": "5", "11": "5", "12": "5"}, ""),
    ],
)
def test_a_value_lies_in_no_higher_level_than_its_condition(
    tmp_path: Path, index: str, levels: dict[str, object], exceeded: str
) -> None:
    path = sheet(tmp_path, without(*levels) | levels, indices={"IKASANDI": index})
    (reading,) = read_file(str(path), Wishes()).readings
    found = [each.values["indicators"] for each in reading.notices if each.code == "index-exceeded"]
    assert found == [exceeded] * bool(exceeded)


@pytest.mark.parametrize("index", ["1.8", "2.6", "3.5", "4.2", "5", "1"])
def test_a_printed_bound_is_no_reading_of_ours(tmp_path: Path, index: str) -> None:
    path = sheet(tmp_path, without("7"), indices={"IPS": index})
    assert codes_of(read_file(str(path), Wishes())) == ["value-from-index"]


@pytest.mark.parametrize(
    ("level", "index", "codes"),
    [
        ("2.14", "28.6", []),  # 2.144 is shown as 2.14
        ("2.15", "28.6", ["index-disagrees"]),
        ("2.144", "28.6", []),
        ("536/250", "28.6", []),
        ("3.5", "62.5", []),
        ("3.51", "62.5", ["index-disagrees"]),
    ],
)
def test_a_value_and_its_index_agree_to_the_shown_decimals(
    tmp_path: Path, level: str, index: str, codes: list[str]
) -> None:
    path = sheet(tmp_path, without("5") | {"5": level}, indices={"SDI": index})
    found = read_file(str(path), Wishes())
    assert [problem.code for problem in found.problems] == codes
    if not codes:
        (reading,) = found.readings
        assert reading.assessment.entries["5"].level == 1 + Fraction(index) / 25
        return
    (problem,) = found.problems
    assert problem.place.line == 1 + path.read_text().splitlines().index(f"  '5': '{level}'")
    assert problem.values["at"].endswith("nilai.yaml:3")


ABOVE = {
    "labelled": "Tahun: 2026\nIndeks SDI: 62,5\nIPS: 2.56\n",
    "beside": "Tahun;2026\nIndeks SDI;62,5\nIndeks Pembangunan Statistik;2.56\n",
    "in English": "Year;2026\nIndex SDI;62.5\nips;2,56\n",
}


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize(
    ("heading", "cells"), [("Indikator;Nilai", "1"), ("Indikator;Tingkat;Butir;Diterima", "1;1;ya")]
)
def test_rows_above_a_table_give_indices(
    tmp_path: Path, above: str, heading: str, cells: str
) -> None:
    rows = [f"{code};{cells}" for code in without("5", "7")]
    path = tmp_path / "nilai.csv"
    path.write_text(above + "\n".join([heading, *rows]), encoding="utf-8")
    found = read_file(str(path), Wishes())
    (reading,) = found.readings
    entries = reading.assessment.entries
    assert (entries["5"].level, entries["7"].level) == (Fraction("3.5"), Fraction("2.45"))


def test_an_index_above_a_table_that_disagrees_is_refused_with_both_places(tmp_path: Path) -> None:
    rows = "\n".join(f"{code};1" for code in PEMDI.indicator_by_code)
    path = tmp_path / "nilai.csv"
    path.write_text(f"Tahun;2026\nSDI;62,5\nNo;Nilai\n{rows}\n", encoding="utf-8")
    (problem,) = read_file(str(path), Wishes()).problems
    assert (problem.code, problem.place.line, problem.place.column) == ("index-disagrees", 8, 3)
    assert problem.values["at"].endswith("nilai.csv:2")


def test_an_option_goes_before_the_sheet(spbe: Spbe, tmp_path: Path) -> None:
    path = str(sheet(tmp_path, without("5", "7"), indices={"SDI": 25}))
    answer = spbe("score", path, "--index", "SDI=62.5", "--index", "ips=2.6", "-f", "json")
    (result,) = json.loads(answer.out)["results"]
    levels = {each["code"]: each["level"] for each in result["indicators"]}
    origins = {each["code"]: each.get("origin") for each in result["indicators"]}
    assert (levels["5"], levels["7"]) == ("3.5", "2.5")
    assert (origins["5"], origins["6"]) == ("index", None)
    assert result["indices"] == {"SDI": "62.5", "IPS": "2.6"}
    wrong = spbe("score", path, "--index", "SDL=62.5", "--index", "IPS=9")
    assert wrong.code == 2
    assert "index-unknown" in wrong.err
    assert "index-off-range" in wrong.err


def test_an_index_says_nothing_of_a_target(tmp_path: Path) -> None:
    levels = dict.fromkeys(PEMDI.indicator_by_code, 2)
    more = {"stages": {"target": levels}, "indices": {"SDI": 62.5}}
    path = tmp_path / "nilai.yaml"
    path.write_text(yaml.safe_dump({"year": 2026, **more}), encoding="utf-8")
    from spbe_cli.core.assessment import Stage

    (reading,) = read_file(str(path), Wishes(stage=Stage.TARGET)).readings
    assert reading.assessment.entries["5"].level == 2


def test_what_a_wish_changes_no_index_speaks_of(spbe: Spbe, tmp_path: Path) -> None:
    saved = tmp_path / "rencana.yaml"
    given = {key: text for key, text in GIVEN.items() if key != "SJIG"}
    source = str(sheet(tmp_path, without("5", "7"), indices=given))
    assert spbe("whatif", source, "--set", "5=4", "--save", str(saved)).code == 0
    (reading,) = read_file(str(saved), Wishes()).readings
    assert reading.assessment.entries["5"].level == 4
    assert reading.assessment.indices == {"IPS": Fraction("2.56"), "IKASANDI": 3}


def test_an_index_that_was_left_blank_is_none(tmp_path: Path) -> None:
    found = read_file(str(sheet(tmp_path, without(), indices={"SDI": None, "IPS": ""})), Wishes())
    assert codes_of(found) == []
    assert not found.readings[0].assessment.indices


def test_an_instrument_without_indices_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "nilai.yaml"
    levels = {str(code): 3 for code in range(1, 48)}
    path.write_text(
        yaml.safe_dump({"year": 2024, "indices": {"SDI": 60}, "levels": levels}), encoding="utf-8"
    )
    (problem,) = read_file(str(path), Wishes()).problems
    assert problem.code == "index-not-taken"
    assert "known" not in problem.values


def test_every_statement_of_an_index_names_its_source() -> None:
    assert [each.code for each in PEMDI.external] == [
        "SDI",
        "SJIG",
        "IPS",
        "SDI-INTEROP",
        "IKASANDI",
    ]
    for each in PEMDI.external:
        assert each.source
        bounds = [band.start for band in PEMDI.scale.bands]
        assert [value for _, value in each.points] == [*bounds, PEMDI.scale.highest]
    assert [each.code for each in PEMDI.external if each.inferred] == [
        "SJIG",
        "IPS",
        "SDI-INTEROP",
    ]


def test_old_evidence_is_that_of_the_table_and_unofficial(spbe: Spbe) -> None:
    table, problems = read_carried(PEMDI)
    assert not problems
    assert table is not None
    assert table.before == "spbe-2020"
    assert not table.official
    assert list(table.by_code) == list(PEMDI.indicator_by_code)
    assert table.by_code["4"].before == ("19", "20")
    assert table.by_code["6"].use is Use.NEW
    assert table.by_code["8"].another is Use.UPDATE
    assert table.serving("42") == ("17", "19", "20")
    for said in (
        spbe("instrument", "diff", "spbe-2020", "pemdi-2026", "--lang", "en").out,
        spbe("explain", "4", "--instrument", "pemdi-2026", "--lang", "en").out,
        spbe("explain", "42", "--lang", "en").out,
    ):
        assert "UNOFFICIAL" in said
        assert "No value is converted" in " ".join(said.split())
    assert "UNOFFICIAL" not in spbe("instrument", "diff", "spbe-2018", "spbe-2020").out


def test_a_table_of_old_evidence_names_indicators_that_are_there(tmp_path: Path) -> None:
    text = (ROOT / "tests/broken/small-instrument.yaml").read_text("utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(f"carried: dipakai.yaml\n{text}", encoding="utf-8")
    (tmp_path / "dipakai.yaml").write_text(
        "from: spbe-2020\nstanding: official\nsource: {id: S, en: S}\n"
        'indicators:\n  "1": {from: ["48"], use: reuse}\n  "9": {from: ["1"], use: new}\n',
        encoding="utf-8",
    )
    instrument, _ = instrument_from_file(str(own))
    assert instrument is not None
    _, problems = read_carried(instrument)
    assert [(each.code, each.values["found"], each.place.line) for each in problems] == [
        ("indicator-unknown", "48", 5),
        ("indicator-unknown", "9", 6),
    ]


WIDE = (
    "Instansi;Tahun;{codes};SDI;Nilai IKASANDI\n"
    "Kab Satu;2026;{levels};62,5;3\n"
    "Kab Dua;2026;{levels};;3\n"
    "Kab Tiga;2026;{levels};25;1\n"
)


def wide(folder: Path, fifth: str, *, left_out: bool = False) -> Path:
    """Three institutions; the first and the third have an SDI, the fifth level is as given."""
    codes = [code for code in PEMDI.indicator_by_code if code != "5" or not left_out]
    levels = [fifth if code == "5" else "2,5" for code in codes]
    path = folder / "kabupaten.csv"
    path.write_text(WIDE.format(codes=";".join(codes), levels=";".join(levels)), "utf-8")
    return path


@pytest.mark.parametrize("left_out", [False, True])
def test_a_column_beside_the_levels_gives_each_institution_its_own_index(
    tmp_path: Path, *, left_out: bool
) -> None:
    found = read_file(str(wide(tmp_path, "", left_out=left_out)), Wishes(missing_allowed=True))
    assert codes_of(found).count("index-exceeded") == 1  # of the third, whose IKASANDI is 1
    fifth = [reading.assessment.entries["5"] for reading in found.readings]
    assert [entry.level for entry in fifth if entry.origin is Origin.INDEX] == [Fraction(7, 2), 2]
    assert [reading.assessment.indices.get("SDI") for reading in found.readings] == [
        Fraction(125, 2),
        None,
        25,
    ]
    source = found.readings[0].assessment.source
    read = source and source.read
    assert read is not None
    assert [each.role for each in read.columns[-2:]] == ["index", "index"]


def test_a_column_of_an_index_agrees_with_the_level_beside_it(tmp_path: Path) -> None:
    found = read_file(str(wide(tmp_path, "3,5")), Wishes())
    (problem,) = [each for each in found.problems if each.code == "index-disagrees"]
    assert (problem.place.line, problem.values["number"]) == (4, "25")


@pytest.mark.parametrize("times", [1, 20])
def test_batch_converts_what_stands_in_columns(
    spbe: Spbe, tmp_path: Path, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of two rows, and one that is read block by block."""
    monkeypatch.setattr(stream_rows, "SMALL", 500)
    path = wide(tmp_path, "")
    head, first, _, third = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *([first, third] * times)]) + "\n", "utf-8")
    done = spbe("batch", str(path), "-o", str(tmp_path / "nilai.csv"), "--exact")
    assert done.code == 0
    rows = (tmp_path / "nilai.csv").read_text("utf-8").splitlines()[1:]
    assert len(rows) == 2 * times
    by_hand = [Fraction(5, 2) + (fifth - Fraction(5, 2)) / 20 for fifth in (Fraction(7, 2), 2)]
    assert {Fraction(row.split(",")[6]) for row in rows} == set(by_hand)


def test_python_takes_indices_over_the_file(tmp_path: Path) -> None:
    path = sheet(tmp_path, without("5"), indices={"SDI": 25})
    asked = read_assessment(path, indices={"sdi": Fraction(125, 2), "IKASANDI": 3})
    assert asked.entries["5"].level == Fraction(7, 2)
    with pytest.raises(InvalidInputError, match="XDI"):
        read_assessment(path, indices={"XDI": 3})


def test_a_frame_with_an_index_is_refused() -> None:
    frame = pl.DataFrame({code: [2.5] for code in PEMDI.indicator_by_code} | {"SDI": [62.5]})
    with pytest.raises(ValueError, match="SDI"):
        score_frame(frame, PEMDI)
