"""`spbe merge`: the sheets of several desks as one, and every place where two disagree."""

import csv
import json
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import ROOT, Spbe
from support.sheets import SMALL_INSTRUMENT

from spbe_cli import Assessment, load_instrument, read_assessment, score
from spbe_cli.core.assessment import Entry, Missing
from spbe_cli.core.number import exact
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.merge import merged, owed

PARTS = Wishes(missing_allowed=True)
WHOLE = ROOT / "examples/kota-jambi-2023.yaml"


def yaml_part(path: Path, head: Mapping[str, object], entries: Mapping[str, Entry]) -> None:
    levels = {
        code: {
            "level": exact(entry.level) if not isinstance(entry.level, Missing) else "",
            "note": entry.note,
            "evidence": list(entry.evidence),
            "responsible": entry.responsible,
        }
        for code, entry in entries.items()
    }
    path.write_text(json.dumps({**head, "levels": levels}), encoding="utf-8")


def csv_part(path: Path, head: Mapping[str, object], entries: Mapping[str, Entry]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter=";")
        rows.writerows([f"{key}: {value}"] for key, value in head.items())
        rows.writerow(["Code", "Level", "Note", "Evidence", "Responsible"])
        for code, entry in entries.items():
            level = "" if isinstance(entry.level, Missing) else exact(entry.level)
            evidence = "\n".join(entry.evidence)
            rows.writerow([code, level, entry.note, evidence, entry.responsible])


def filled(name: str, chance: random.Random) -> dict[str, Entry]:
    """Every indicator of an instrument with a level, some with what else a desk says."""
    instrument = load_instrument(name)
    levels = list(instrument.scale.levels())
    return {
        code: Entry(
            chance.choice(levels),
            chance.choice(["", "catatan: satu, dua", "perlu dilengkapi"]),
            chance.choice([(), ("SK 12/2023",)]),
            chance.choice(["", "Diskominfo", "Bappeda"]),
        )
        for code in instrument.indicator_by_code
    }


@pytest.mark.parametrize("name", ["spbe-2020", "spbe-2018", "pemdi-2026", "epss-2022"])
@pytest.mark.parametrize("number", range(2, 11))
def test_parts_are_the_whole(tmp_path: Path, name: str, number: int) -> None:
    """Every partition into so many files, in any order, gives all that the desks wrote."""
    chance = random.Random(f"{name} {number}")
    head = {"institution": "Kota Contoh", "instrument": name, "stage": "self"}
    for _ in range(3):
        entries = filled(name, chance)
        desks: list[dict[str, Entry]] = [{} for _ in range(number)]
        codes = chance.sample(list(entries), len(entries))
        for at, code in enumerate(codes):  # none stays empty
            desks[at if at < number else chance.randrange(number)][code] = entries[code]
        paths = []
        for at, desk in enumerate(desks):
            writer, ending = chance.choice([(yaml_part, "json"), (csv_part, "csv")])
            paths.append(tmp_path / f"unit-{at}.{ending}")
            writer(paths[-1], head, desk)
        read = [read_file(str(path), PARTS) for path in paths]
        assert [len(each.readings) for each in read] == [1] * number, [e.problems for e in read]
        reading, problems = merged([each.readings[0] for each in read], PARTS)
        assert problems == []
        assert reading is not None
        assert dict(reading.assessment.entries) == entries
        yaml_part(tmp_path / "whole.json", head, entries)
        whole = read_assessment(tmp_path / "whole.json")
        assert index_of(reading.assessment) == index_of(whole)


def index_of(assessment: Assessment) -> object:
    return score(load_instrument(assessment.instrument), assessment).index


def part(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def small(path: Path, levels: str, head: str = "year: 2023\n") -> str:
    instrument = ROOT / SMALL_INSTRUMENT
    return part(path, f"{head}instrument: {instrument}\nlevels: {{{levels}}}\n")


def test_the_sheet_is_written_and_scores(spbe: Spbe, tmp_path: Path) -> None:
    whole = read_assessment(WHOLE)
    codes = list(whole.entries)
    paths = []
    head = {"institution": whole.institution, "year": whole.year, "stage": "final"}
    for at in range(3):
        paths.append(str(tmp_path / f"{at}.json"))
        yaml_part(Path(paths[-1]), head, {code: whole.entries[code] for code in codes[at::3]})
    target = tmp_path / "semua.yaml"
    ran = spbe("merge", *paths, "-o", str(target))
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert index_of(read_assessment(target)) == index_of(whole)
    again = spbe("merge", *paths, "-o", str(target))
    assert again.code == 4  # a score sheet is not written over unasked
    assert spbe("merge", *paths, "-o", str(target), "--force").code == 0
    assert spbe("merge", *paths).out == target.read_text("utf-8")


def test_two_levels_of_one_indicator_are_refused_with_both_places(
    spbe: Spbe, tmp_path: Path
) -> None:
    one = part(tmp_path / "a.yaml", "year: 2023\nlevels:\n  1: 3\n  12: 4\n")
    other = part(tmp_path / "b.csv", "Kode;Nilai\n12;2\n13;3\n14;3\n")
    target = tmp_path / "all.yaml"
    ran = spbe("merge", one, other, "-o", str(target), "--missing", "bounds")
    assert ran.code == 3
    assert f"{other}:2:4: error: indicator 12 has level 2 here and 4 in {one}:4:7" in ran.err
    assert not target.exists()


def test_two_that_agree_are_one_and_say_it_all(tmp_path: Path) -> None:
    one = part(
        tmp_path / "a.yaml", "year: 2023\nlevels: {1: {level: 3, note: a, evidence: [x, y]}}"
    )
    other = part(
        tmp_path / "b.yaml",
        "levels: {1: {level: 3, note: b, evidence: [y, z], responsible: Kominfo}}",
    )
    readings = [read_file(path, PARTS).readings[0] for path in (one, other, one)]
    reading, problems = merged(readings, PARTS)
    assert problems == []
    assert reading is not None
    wanted = Entry(readings[0].assessment.entries["1"].level, "a; b", ("x", "y", "z"), "Kominfo")
    assert reading.assessment.entries["1"] == wanted
    assert reading.assessment.year == 2023
    assert [notice.code for notice in reading.notices] == ["merge-repeated"]  # the third


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("year: 2023", "year: 2024", "year"),
        ("year: 2023", "year: 2026", "instrument"),
        ("year: 2023\nstage: self", "year: 2023\nstage: final", "stage"),
        ("year: 2023\ninstitution: Kota A", "year: 2023\ninstitution: Kota B", "institution"),
        ("year: 2023\nprovince: Bali", "year: 2023\nprovince: Papua", "province"),
        ("year: 2026\nindices: {SDI: 60}", "year: 2026\nindices: {SDI: 61}", "SDI"),
    ],
)
def test_sheets_of_two_assessments_are_refused(
    spbe: Spbe, tmp_path: Path, one: str, other: str, key: str
) -> None:
    code = "1" if key == "instrument" else "2"
    first = part(tmp_path / "a.yaml", f"{one}\nlevels: {{1: 3}}\n")
    second = part(tmp_path / "b.yaml", f"{other}\nlevels: {{{code}: 3}}\n")
    ran = spbe("merge", first, second, "--missing", "bounds")
    assert (ran.code, ran.out) == (3, "")
    assert "[merge-differs]" in ran.err
    assert f"{key} is " in ran.err


def test_names_of_one_institution_agree(tmp_path: Path) -> None:
    names = ("Pemerintah Kabupaten Aceh Tengah", "Kab. Aceh Tengah")
    readings = [
        read_file(part(tmp_path / f"{at}.yaml", f"institution: {name}\nlevels: {{{at}: 3}}"), PARTS)
        for at, name in enumerate(names, 1)
    ]
    reading, problems = merged([each.readings[0] for each in readings], PARTS)
    assert problems == []
    assert reading is not None
    assert reading.assessment.institution == names[0]


def test_who_owes_which_levels_is_said(spbe: Spbe, tmp_path: Path) -> None:
    one = part(
        tmp_path / "a.yaml",
        "year: 2023\nlevels:\n  1: {responsible: Kominfo}\n  2: {responsible: Bappeda}\n"
        "  3: {responsible: Kominfo}\n  4: 2\n",
    )
    other = part(tmp_path / "b.yaml", "year: 2023\nlevels: {2: 4, 5: 1}\n")
    target = tmp_path / "all.yaml"
    ran = spbe("merge", one, other, "-o", str(target), columns=200)
    assert ran.code == 3
    assert "Kominfo owes 2 levels: indicators 1, 3" in ran.err
    assert "Bappeda owes" not in ran.err
    assert "42 without a level and without anyone responsible" in ran.err
    assert not target.exists()
    ran = spbe("merge", one, other, "-o", str(target), "--missing", "bounds")
    assert ran.code == 0
    assert "Kominfo owes 2 levels" in ran.err
    written = read_file(str(target), PARTS).readings[0]
    assert [each.responsible for each in owed(written)] == ["Kominfo", ""]
    assert written.assessment.entries["2"].responsible == "Bappeda"


def test_an_own_instrument_stays_named(spbe: Spbe, tmp_path: Path) -> None:
    codes = [each.code for each in load_instrument(ROOT / SMALL_INSTRUMENT).indicators]
    paths = [small(tmp_path / f"{code}.yaml", f"{code}: 1") for code in codes]
    target = tmp_path / "in" / "all.yaml"
    target.parent.mkdir()
    ran = spbe("merge", *paths, "-o", str(target))
    assert ran.code == 0, ran.err
    assert index_of_path(spbe, str(target)) == index_of_path(spbe, paths[0], codes[1:])


def index_of_path(spbe: Spbe, path: str, others: list[str] | None = None) -> object:
    changes = [word for code in others or () for word in ("--set", f"{code}=1")]
    ran = spbe("score", path, *changes, "-f", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["results"][0]["index"]["exact"]


@pytest.mark.parametrize("how", ["a copy", "under both paths", "in another format"])
def test_a_sheet_that_comes_twice_is_said(spbe: Spbe, tmp_path: Path, how: str) -> None:
    levels = "".join(f"  {code}: 3\n" for code in range(1, 48))
    one = part(tmp_path / "a.yaml", f"year: 2023\nlevels:\n{levels}")
    other = part(tmp_path / "b.yaml", Path(one).read_text("utf-8"))
    if how == "under both paths":
        other = str(tmp_path / "di" / ".." / "a.yaml")
        (tmp_path / "di").mkdir()
    if how == "in another format":
        rows = "\n".join(f"{code};3" for code in range(1, 48))
        other = part(tmp_path / "b.csv", f"Tahun;2023\nKode;Nilai\n{rows}\n")
    target = tmp_path / "semua.yaml"
    ran = spbe("merge", one, other, "-o", str(target), columns=300)
    assert ran.code == 0, ran.err
    once = "[merge-repeated]" in ran.err or "1 sheet as one" in ran.err
    assert once, ran.err
    assert index_of(read_assessment(target)) == 3
    different = part(tmp_path / "c.yaml", "levels: {1: {level: 3, note: lain}}\n")
    assert "[merge-repeated]" not in spbe("merge", one, different).err


def test_only_yaml_is_written(spbe: Spbe, tmp_path: Path) -> None:
    ran = spbe("merge", str(WHOLE), "-o", str(tmp_path / "all.xlsx"))
    assert ran.code == 2
    assert "[output-ending]" in ran.err
