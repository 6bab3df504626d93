"""What changed between score sheets, split into parts that add up exactly."""

import json
import re
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Spbe
from support.sheets import AMBANG, DENPASAR, JAMBI_2022, JAMBI_2023, SMALL_INSTRUMENT
from support.tables import records_of
from syrupy.assertion import SnapshotAssertion

JAMBI = (JAMBI_2022, JAMBI_2023)
STAGES = (DENPASAR, "--stages", "self", "external")
SMALL = ("--instrument", SMALL_INSTRUMENT)


def fallen(folder: Path) -> tuple[str, str]:
    """The sheet of 2023 as one of 2021, and that of 2022: a fall by 1.48."""
    earlier = folder / "2021.yaml"
    text = (ROOT / JAMBI_2023).read_text("utf-8")
    earlier.write_text(text.replace("year: 2023", "year: 2021"), encoding="utf-8")
    return str(earlier), JAMBI_2022


def results(spbe: Spbe, *arguments: str) -> Any:  # noqa: ANN401
    found = spbe("compare", *arguments, "--format", "json")
    assert found.code == 0, found.err
    return json.loads(found.out)["results"]


def add_up(result: dict[str, Any]) -> None:
    """Hold that the parts of every layer add up to the change exactly."""
    layers = {"domain": Fraction(0), "aspect": Fraction(0)}
    for group in result["groups"]:
        layers[group["kind"]] += Fraction(group["contribution"]["exact"])
    indicators = sum(Fraction(item["contribution"]["exact"]) for item in result["indicators"])
    delta = Fraction(result["delta"]["exact"])
    assert (layers["domain"], layers["aspect"], indicators) == (delta, delta, delta)


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "asked",
    [(*JAMBI, "--target", "3.1"), STAGES, (DENPASAR, *JAMBI)],
    ids=["years", "stages", "instruments"],
)
def test_widths_and_languages(
    spbe: Spbe, text: SnapshotAssertion, columns: int, language: str, asked: tuple[str, ...]
) -> None:
    found = spbe("compare", *asked, "--lang", language, columns=columns)
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= columns
    assert "…" not in found.out
    assert found.out == text


def test_kota_jambi_as_it_was_announced(spbe: Spbe) -> None:
    """2.79 to 4.27 is +1.48; the regional plan's 3.1 is exceeded by 1.17."""
    (result,) = results(spbe, *JAMBI, "--target", "3.1")
    assert [result[side]["index"]["rounded"] for side in ("before", "after")] == ["2.79", "4.27"]
    assert [result[side]["year"] for side in ("before", "after")] == [2022, 2023]
    names = [result[side]["predicate"]["name"] for side in ("before", "after")]
    assert names == ["Baik", "Memuaskan"]
    assert result["delta"] == {"exact": "1.48", "rounded": "1.48"}
    by = {"exact": "1.165", "rounded": "1.17"}
    target = {"index": {"exact": "3.1", "rounded": "3.10"}, "predicate": None}
    assert result["target"] == {**target, "by": by, "met": True}
    add_up(result)
    shown = spbe("compare", *JAMBI, "--target", "3,1").out
    assert "+1.48" in shown
    assert "Target 3.10: exceeded by 1.17 (exactly 1.165)" in shown


def test_no_reconstructed_level_of_2022_lies_above_that_of_2023(spbe: Spbe) -> None:
    (result,) = results(spbe, *JAMBI)
    assert len(result["indicators"]) == 47
    assert all(int(item["from"]) <= int(item["to"]) for item in result["indicators"])


def test_denpasar_2018_indicator_by_indicator(spbe: Spbe) -> None:
    (result,) = results(spbe, *STAGES)
    assert [result[s]["index"]["exact"] for s in ("before", "after")] == ["3.67", "2.64"]
    assert [result[s]["stage"] for s in ("before", "after")] == ["self", "external"]
    assert result["delta"]["exact"] == "-1.03"
    add_up(result)
    assert len(result["indicators"]) == 37
    moved = [item for item in result["indicators"] if item["from"] != item["to"]]
    for item in result["indicators"]:
        change = (Fraction(item["to"]) - Fraction(item["from"])) * Fraction(item["weight"]) / 100
        assert Fraction(item["contribution"]["exact"]) == change
    shown = spbe("compare", *STAGES, "--detail", "indicator", columns=200).out
    for item in moved:
        assert re.search(
            rf"^{re.escape(item['code'])} +{re.escape(item['name'])} ", shown, re.MULTILINE
        )
    assert "Indicators that the assessors cut: 20, -1.08 points" in shown
    assert "Indicators that the assessors raised: 1, +0.05 points" in shown
    assert "more" not in shown


def test_one_sheet_in_three_ways(spbe: Spbe) -> None:
    once = spbe("compare", *STAGES).out
    twice = spbe("compare", DENPASAR, DENPASAR, "--stages", "mandiri", "eksternal").out
    piped = spbe("compare", "-", *STAGES[1:], stdin=(ROOT / DENPASAR).read_bytes()).out
    assert once == twice == piped
    book = spbe("compare", "examples/denpasar-2018.xlsx", *STAGES[1:]).out
    assert book.splitlines()[2:] == once.splitlines()[2:]


def test_stages_of_two_files(spbe: Spbe) -> None:
    (result,) = results(spbe, DENPASAR, DENPASAR, "--stages", "external", "self")
    assert result["delta"]["exact"] == "1.03"
    assert "the assessors" not in spbe("compare", DENPASAR, "--stages", "external", "self").out


def test_a_trend(spbe: Spbe, text: SnapshotAssertion) -> None:
    sheet = (ROOT / JAMBI_2022).read_text("utf-8").replace("2022", "2021").replace(": 3", ": 2")
    found = spbe("compare", "-", *JAMBI, "--target", "memuaskan", stdin=sheet.encode())
    assert found.code == 0, found.err
    assert found.out == text
    narrow = spbe("compare", "-", *JAMBI, columns=60, stdin=sheet.encode())
    assert max(map(len, narrow.out.splitlines())) <= 60
    many = spbe("compare", "-", *JAMBI, *JAMBI, *JAMBI, "--detail", "indicator", columns=60,
                stdin=sheet.encode())  # fmt: skip
    assert max(map(len, many.out.splitlines())) <= 60
    assert "▁" in many.out


def test_the_picture_of_a_trend_in_ascii(
    spbe_process: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    found = spbe_process("compare", DENPASAR, *JAMBI, "--lang", "id", PYTHONIOENCODING="ascii")
    assert found.returncode == 0
    assert b"\\u" not in found.stdout
    assert b"Tren __# +1,625" in found.stdout


def test_different_instruments_compare_by_index_and_predicate_only(spbe: Spbe) -> None:
    (result,) = results(spbe, DENPASAR, JAMBI_2022)
    assert not result["comparable"]
    assert result["delta"]["exact"] == "0.145"
    assert (result["groups"], result["indicators"]) == ([], [])
    found = spbe("compare", DENPASAR, JAMBI_2022)
    assert "the rest is not comparable" in " ".join(found.out.split())
    assert "Indicators that" not in found.out
    gate = spbe("compare", DENPASAR, JAMBI_2022, "--max-drop", "D1=1")
    assert (gate.code, gate.out) == (2, "")
    assert "[gate-not-comparable]" in gate.err


def test_institutions_are_matched_by_name(spbe: Spbe, text: SnapshotAssertion) -> None:
    files = ("tests/cli/instansi-2022.csv", "tests/cli/instansi-2023.csv", *SMALL)
    found = spbe("compare", *files)
    assert found.code == 0
    assert found.out + found.err == text
    names = [result["institution"] for result in results(spbe, *files)]
    assert names == ["Kota A", "kota  B"]


def test_other_institutions_are_compared_with_a_notice(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("compare", JAMBI_2023, "examples/bandar-lampung-2023.yaml")
    assert found.code == 0
    assert found.out + found.err == text


def test_nothing_changed(spbe: Spbe) -> None:
    found = spbe("compare", JAMBI_2023, JAMBI_2023, "--fail-on-drop")
    assert found.code == 0
    assert "No level changed" in found.out
    assert "Before" in found.out
    assert "Indicators that" not in found.out


def test_another_basis_with_the_same_levels(spbe: Spbe, tmp_path: Path) -> None:
    """2.595 is Baik on the rounded basis of 2023, Cukup on the exact one of 2024."""
    later = tmp_path / "2024.yaml"
    text = (ROOT / AMBANG).read_text("utf-8")
    later.write_text(text.replace("year: 2023", "year: 2024"), encoding="utf-8")
    found = spbe("compare", AMBANG, str(later), "--target", "2.6")
    assert "The predicate falls from Baik to Cukup" in found.out
    assert "2023: The exact index 2.595 gives Cukup" in " ".join(found.out.split())
    assert "Target 2.60: missed by 0.005" in found.out
    earlier = tmp_path / "2022.yaml"
    earlier.write_text(text.replace("year: 2023", "year: 2022"), encoding="utf-8")
    by_name = spbe("compare", str(earlier), AMBANG, "--target", "baik")
    assert "Target Baik (2.595, shown as 2.60): met exactly" in by_name.out
    onto = tmp_path / "onto.yaml"
    asked = ("--set", "12=4", "--set", "47=4", "--save", str(onto))
    assert spbe("whatif", str(later), *asked).code == 0
    exactly = spbe("compare", str(later), str(onto), "--target", "2.6")
    assert "Target 2.60: met exactly" in exactly.out
    assert re.search(r"2\.595 +2\.600 +\+0\.005", exactly.out)
    back = spbe("compare", str(onto), str(later), "--fail-on-drop")
    assert back.code == 1
    assert "found 0.005 (2.600 to 2.595), 0.005 too much" in back.err


@pytest.mark.parametrize(
    ("target", "says"),
    [("memuaskan", "Memuaskan (4.195, shown as 4.20): exceeded by 0.07"),
     ("4.3", "4.30: missed by 0.035"), ("4.265", "4.265: met exactly"),
     ("kurang", "Kurang (1.00): exceeded by 3.27 (exactly 3.265)")],
)  # fmt: skip
def test_targets(spbe: Spbe, target: str, says: str) -> None:
    assert f"Target {says}" in spbe("compare", *JAMBI, "--target", target).out


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        (["--fail-on-drop"], 1),
        (["--fail-on-drop", "--exit-zero"], 0),
        (["--max-drop", "1.48"], 0),
        (["--max-drop", "1.4799"], 1),
        (["--max-drop", "1,48", "--max-drop", "d3=1.4"], 1),
        (["--max-drop", "A1=2"], 0),
    ],
)
@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "csv", "markdown"])
def test_gates_against_a_drop(
    spbe: Spbe, tmp_path: Path, gates: list[str], code: int, format_: str
) -> None:
    found = spbe("compare", *fallen(tmp_path), *gates, "--format", format_)
    assert found.code == code
    assert ("gate not met" in found.err) is (code == 1 or "--exit-zero" in gates)
    assert found.out


def test_what_an_unmet_gate_says(spbe: Spbe, tmp_path: Path) -> None:
    asked = ("compare", *fallen(tmp_path), "--max-drop", "D3=0.1", "--fail-on-drop")
    found = spbe(*asked, GITHUB_ACTIONS="true")
    assert (
        "gate not met: Pemerintah Kota Jambi, 2022, stage final: D3: expected a fall of at most "
        "0.10, found 1.4545 (2.9091 to 1.4545), 1.3546 (exactly 149/110) too much\n"
    ) in found.err
    assert found.err.count(f"::error file={JAMBI_2022},title=gate::") == 2
    indonesian = spbe(*asked, "--lang", "id").err
    assert "turun paling banyak 0,10, ditemukan 1,4545 (2,9091 menjadi 1,4545)" in indonesian
    assert "lebih 1,3546 (tepatnya 149/110)" in indonesian


def test_gates_look_at_the_last_step(spbe: Spbe, tmp_path: Path) -> None:
    low, high = ((ROOT / path).read_text("utf-8") for path in JAMBI)
    paths = []
    for year, text in ((2021, low), (2022, high), (2023, low)):
        path = tmp_path / f"{year}.yaml"
        path.write_text(re.sub("year: [0-9]+", f"year: {year}", text), encoding="utf-8")
        paths.append(str(path))
    up_and_down = spbe("compare", *paths, "--fail-on-drop")
    down_and_up = spbe("compare", fallen(tmp_path)[0], *JAMBI, "--fail-on-drop")
    assert (up_and_down.code, down_and_up.code) == (1, 0)


def test_years_given_backwards_are_put_in_order_before_any_gate(spbe: Spbe) -> None:
    found = spbe("compare", JAMBI_2023, JAMBI_2022, "--fail-on-drop")
    assert found.code == 0
    assert "given as 2023, 2022; compared in the order 2022, 2023 [years-reordered]" in found.err
    assert found.out == spbe("compare", *JAMBI, "--fail-on-drop").out


def stages(folder: Path, *of: tuple[str, str]) -> list[str]:
    paths = []
    for year, stage in of:
        text = (ROOT / JAMBI_2022).read_text("utf-8").replace("year: 2022", f"year: {year}")
        path = folder / f"{year}-{stage}.yaml"
        path.write_text(text.replace("stage: final", f"stage: {stage}"), encoding="utf-8")
        paths.append(str(path))
    return paths


def test_stages_are_named_wherever_they_differ(spbe: Spbe, tmp_path: Path) -> None:
    final, own = stages(tmp_path, ("2022", "final"), ("2023", "self"))
    found = spbe("compare", final, own)
    assert "2023 is at stage self, 2022 at stage final" in found.err
    assert "2022 stage final to 2023 stage self" in found.out
    (alike,) = stages(tmp_path, ("2021", "final"))
    assert spbe("compare", alike, final).err == ""
    report = spbe("report", own, "--previous", final, "--format", "md")
    assert "stages-differ" in report.err
    assert "Compared are two stages: before stage final, now stage self" in report.out
    later = spbe("report", final, "--previous", own)
    assert (later.code, later.out) == (3, "")
    assert "--previous is of 2023, later than 2022" in later.err
    verdict = stages(tmp_path, ("2023", "external"))
    assert spbe("compare", own, *verdict).err == ""


def test_no_gate_looks_at_who_is_not_in_the_last_file(spbe: Spbe, tmp_path: Path) -> None:
    tables = []
    for year, rows in ((2021, "A;{};4\nB;{};4"), (2022, "A;{};3\nB;{};3"), (2023, "A;{};3")):
        levels = ";".join(map(str, range(1, 48)))
        path = tmp_path / f"{year}.csv"
        body = rows.replace("{}", str(year)).replace(";4", ";4" * 47).replace(";3", ";3" * 47)
        path.write_text(f"instansi;tahun;{levels}\n{body}\n", encoding="utf-8")
        tables.append(str(path))
    found = spbe("compare", *tables, "--fail-on-drop")
    assert found.code == 0
    assert "1 institution is not in the last file, so that no gate looks at it: B" in found.err
    assert spbe("compare", *tables[:2], "--fail-on-drop").code == 1


def test_json_follows_its_published_schema(spbe: Spbe, tmp_path: Path) -> None:
    schema = json.loads((ROOT / "schemas/spbe-compare-1.schema.json").read_text("utf-8"))
    met = []
    for asked in (
        (*JAMBI, "--target", "baik", "--fail-on-drop"),
        (*JAMBI, "--max-drop", "D3=0.1"),
        (*fallen(tmp_path), "--max-drop", "D3=0.1", "--exit-zero"),
        (DENPASAR, *JAMBI),
        STAGES,
    ):
        document = json.loads(spbe("compare", *asked, "--format", "json").out)
        jsonschema.validate(document, schema)
        met.append([gate["met"] for gate in document["gates"]])
    assert met == [[True], [True], [False], [], []]


def test_gates_in_json(spbe: Spbe, tmp_path: Path) -> None:
    asked = ("--max-drop", "D3=0.1", "--max-drop", "2", "--format", "jsonl")
    (line,) = spbe("compare", *fallen(tmp_path), *asked).out.splitlines()
    first, second = json.loads(line)["gates"]
    assert (first["gate"], first["node"], first["met"]) == ("max-drop", "D3", False)
    assert (first["expected"], first["found"]) == ("0.1", "16/11")
    assert (second["found"], second["over_by"], second["met"]) == ("1.48", None, True)


def test_csv_adds_up_step_by_step(spbe: Spbe) -> None:
    found = spbe("compare", DENPASAR, *JAMBI, "--format", "csv")
    rows = records_of(found.out)
    assert [row["kind"] for row in rows if row["before_year"] == "2018"] == ["index"]
    step = [row for row in rows if row["before_year"] == "2022"]
    assert len(step) == 1 + 4 + 8 + 47
    for kind in ("index", "domain", "aspect", "indicator"):
        parts = (Fraction(row["contribution"]) for row in step if row["kind"] == kind)
        assert sum(parts) == Fraction("1.48")


def test_a_fraction_in_csv_is_a_number(spbe: Spbe) -> None:
    rows = records_of(spbe("compare", *STAGES, "--format", "csv").out)
    by_code = {row["code"]: row["contribution"] for row in rows}
    assert by_code["35.1"] == "-2/15"


def test_markdown(spbe: Spbe, text: SnapshotAssertion) -> None:
    assert spbe("compare", *STAGES, "--format", "markdown", "--lang", "id").out == text


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        ([JAMBI_2023], "compare-one-file", "--stages self final"),
        ([*JAMBI, JAMBI_2023, "--stages", "self", "final"], "compare-stages", "--stage final"),
        ([*JAMBI, "--stage", "final", "--stages", "self", "final"], "compare-stages", "--stage"),
        ([*JAMBI, "--stages", "self", "finall"], "stage-unknown", "final"),
        ([*JAMBI, "--target", "7"], "target-off-scale", "1-5"),
        ([*JAMBI, "--target", "baek"], "predicate-unknown", '"Baik"'),
        ([*JAMBI, "--max-drop", "D9=1"], "gate-unknown-node", "D1, A1"),
        ([*JAMBI, "--max-drop", "=1"], "drop-wrong", "D3=0.1"),
        ([*JAMBI, "--max-drop", "-1"], "drop-wrong", "D3=0.1"),
        ([*JAMBI, "--max-drop", "D3=x"], "drop-wrong", "D3=0.1"),
    ],
)
def test_requests_that_make_no_sense(spbe: Spbe, asked: list[str], code: str, says: str) -> None:
    found = spbe("compare", *asked)
    assert (found.code, found.out) == (2, "")
    assert found.err.count(f"[{code}]") == 1
    assert found.err.count("error:") == 1
    assert says in found.err


def test_a_file_that_is_wrong_or_not_there(spbe: Spbe) -> None:
    assert spbe("compare", JAMBI_2022, "nowhere.yaml").code == 4
    assert spbe("compare", "tests/broken/level-missing.yaml", JAMBI_2023).code == 3
    absent = spbe("compare", JAMBI_2023, "--stages", "self", "final")
    assert (absent.code, absent.out) == (3, "")
    assert "[stage-absent]" in absent.err


def test_a_copy_is_named_with_the_file_that_it_is_a_copy_of(spbe: Spbe, tmp_path: Path) -> None:
    copy = tmp_path / "salinan.yaml"
    copy.write_bytes((ROOT / JAMBI_2023).read_bytes())
    found = spbe("compare", JAMBI_2023, str(copy))
    said = f"{copy} holds the same score sheet as {JAMBI_2023}: nothing can have changed"
    assert f"{copy}: notice: {said} [compared-with-copy]" in found.err
    assert "[compared-with-itself]" in spbe("compare", JAMBI_2023, JAMBI_2023).err
