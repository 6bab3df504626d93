"""What a change would gain: before, after, each part of it, scenarios side by side."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Spbe
from support.sheets import AMBANG, BANDAR_LAMPUNG, SMALL_INSTRUMENT
from support.tables import records_of
from syrupy.assertion import SnapshotAssertion

SCENARIOS = "examples/skenario.yaml"
CHANGES = ("--set", "12=4", "--set", "A3=+1", "--set", "D3=3")
WITH_GAPS = b"institution: Kota Contoh\nyear: 2024\nlevels: {%s}" % b", ".join(
    b"%d: 3" % number for number in range(1, 46)
)


def document(spbe: Spbe, *arguments: str, stdin: bytes = b"") -> Any:  # noqa: ANN401
    found = spbe("whatif", *arguments, "--format", "json", stdin=stdin)
    assert found.code == 0, found.err
    return json.loads(found.out)


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("asked", [CHANGES, ("--scenario", SCENARIOS)], ids=["set", "scenario"])
def test_widths_and_languages(
    spbe: Spbe, text: SnapshotAssertion, columns: int, language: str, asked: tuple[str, ...]
) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, *asked, "--lang", language, columns=columns)
    assert (found.code, found.err) == (0, "")
    assert max(map(len, found.out.splitlines())) <= columns
    assert "…" not in found.out
    assert found.out == text


def test_json_has_what_the_contract_says(spbe: Spbe) -> None:
    (result,) = document(spbe, BANDAR_LAMPUNG, *CHANGES)["results"]
    assert result["scenario"] is None
    assert result["before"]["index"] == {"exact": "2.1545", "rounded": "2.15"}
    assert result["after"]["index"] == {"exact": "2.6595", "rounded": "2.66"}
    assert result["before"]["predicate"]["name"] == "Cukup"
    assert result["after"]["predicate"]["name"] == "Baik"
    assert result["delta"] == {"exact": "0.505", "rounded": "0.51"}
    following = {"name": "Sangat Baik", "threshold": "3.5", "least": "3.495"}
    assert result["next"] == {**following, "distance": "0.8355"}
    changes = {change["indicator"]: change for change in result["changes"]}
    assert changes["12"]["from"] == "1"
    assert changes["12"]["to"] == "4"
    assert changes["12"]["gain"] == {"exact": "0.075", "rounded": "0.08"}
    gains = sum(Fraction(change["gain"]["exact"]) for change in result["changes"])
    domains = sum(
        Fraction(group["contribution"]["exact"])
        for group in result["groups"]
        if group["kind"] == "domain"
    )
    assert gains == domains == Fraction("0.505")


def test_it_is_the_score_before_and_after(spbe: Spbe) -> None:
    (result,) = document(spbe, BANDAR_LAMPUNG, *CHANGES)["results"]
    for changes, side in (((), "before"), (CHANGES, "after")):
        scored = spbe("score", BANDAR_LAMPUNG, *changes, "--format", "json")
        (card,) = json.loads(scored.out)["results"]
        assert result[side] == {"index": card["index"], "predicate": card["predicate"]}
        by_code = {group["code"]: group["index"] for group in card["groups"]}
        assert {group["code"]: group[side] for group in result["groups"]} == by_code


def test_json_follows_its_published_schema(spbe: Spbe) -> None:
    schema = json.loads((ROOT / "schemas/spbe-whatif-1.schema.json").read_text("utf-8"))
    for made in (
        document(spbe, BANDAR_LAMPUNG, AMBANG, *CHANGES, "--min-index", "1", "--min", "D2=1"),
        document(spbe, BANDAR_LAMPUNG, "--scenario", SCENARIOS, "--set", "all=+5"),
        document(spbe, "-", "--missing", "bounds", "--set", "46=4", stdin=WITH_GAPS),
    ):
        jsonschema.validate(made, schema)


def test_one_result_for_each_sheet_and_scenario(spbe: Spbe) -> None:
    made = document(spbe, BANDAR_LAMPUNG, AMBANG, "--scenario", SCENARIOS, "--set", "1=5")
    named = [(result["institution"], result["scenario"]) for result in made["results"]]
    scenarios = ["Kebijakan dulu", "Manajemen naik dua", "Layanan publik", None]
    who = ("Pemerintah Kota Bandar Lampung", "Kota Ambang")
    assert named == [(name, scenario) for name in who for scenario in scenarios]


def test_a_list_is_applied_in_its_order(spbe: Spbe) -> None:
    made = document(spbe, BANDAR_LAMPUNG, "--scenario", SCENARIOS)
    changes = {change["indicator"]: change["to"] for change in made["results"][2]["changes"]}
    assert changes == {"43": "4", "44": "5", "45": "2", "46": "2", "47": "2"}  # 42 is at 4 already


def test_csv_adds_up(spbe: Spbe) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, "--scenario", SCENARIOS, "--format", "csv")
    rows = records_of(found.out)
    for scenario in ("Kebijakan dulu", "Manajemen naik dua", "Layanan publik"):
        parts = {
            kind: sum(
                Fraction(row["contribution"])
                for row in rows
                if (row["scenario"], row["kind"]) == (scenario, kind)
            )
            for kind in ("index", "domain", "aspect", "indicator")
        }
        assert len(set(parts.values())) == 1
        assert parts["index"] > 0


def test_markdown(spbe: Spbe, text: SnapshotAssertion) -> None:
    asked = ("--scenario", SCENARIOS, "--format", "markdown")
    assert spbe("whatif", BANDAR_LAMPUNG, *asked).out == text


def test_a_relative_change_is_held_and_says_so(spbe: Spbe) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, "--set", "all=+4", "--format", "json")
    assert found.code == 0
    assert "[change-held]" in found.err
    (result,) = json.loads(found.out)["results"]
    assert result["after"]["index"]["exact"] == "5"
    assert [notice["code"] for notice in result["notices"]] == ["change-held"]


def test_a_held_change_of_a_scenario_is_shown_in_its_file(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "rencana.yaml"
    path.write_text("scenarios:\n  - name: Semua\n    set: {all: +9}\n", encoding="utf-8")
    found = spbe("whatif", BANDAR_LAMPUNG, "--scenario", str(path))
    assert found.code == 0
    assert f"{path}:3:11: notice" in found.err


def test_nothing_changes(spbe: Spbe) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, "--set", "1=1")
    assert "Nothing changes: the levels asked for are there already" in found.out
    assert "The predicate stays Cukup" in found.out
    assert "gains" not in found.out


def test_missing_levels_leave_a_range(spbe: Spbe, text: SnapshotAssertion) -> None:
    asked = ("whatif", "-", "--missing", "bounds")
    one = spbe(*asked, "--set", "46=4", "--set", "A1=5", stdin=WITH_GAPS)
    several = spbe(*asked, "--scenario", SCENARIOS, stdin=WITH_GAPS)
    none_left = spbe(*asked, "--set", "46=4", "--set", "47=4", "--lang", "id", stdin=WITH_GAPS)
    assert one.out + several.out + none_left.out == text


def test_missing_levels_in_json(spbe: Spbe) -> None:
    asked = ("-", "--missing", "bounds", "--set", "46=4", "--set", "1=4")
    (result,) = document(spbe, *asked, stdin=WITH_GAPS)["results"]
    assert (result["before"], result["after"], result["delta"]) == (None, None, None)
    assert result["bounds"]["missing"] == ["47"]
    assert result["bounds"]["lowest"]["before"]["index"]["exact"] == "2.88"
    assert result["bounds"]["highest"]["after"]["index"]["exact"] == "3.103"
    filled, raised = sorted(result["changes"], key=lambda change: -int(change["indicator"]))
    assert (filled["indicator"], filled["from"], filled["gain"]) == ("46", None, None)
    assert (raised["from"], raised["gain"]["exact"]) == ("3", "0.013")
    groups = {group["code"]: group for group in result["groups"]}
    assert groups["A8"]["before"] is None
    assert groups["A1"]["delta"]["exact"] == "0.1"


def test_without_bounds_a_missing_level_is_an_error(spbe: Spbe) -> None:
    found = spbe("whatif", "-", "--set", "46=4", "--set", "47=4", stdin=WITH_GAPS)
    assert (found.code, found.out) == (3, "")
    assert "[level-missing]" in found.err


@pytest.mark.parametrize(("year", "before", "code"), [(2023, "Baik", 0), (2024, "Cukup", 1)])
def test_a_threshold_reached_by_rounding_only(
    spbe: Spbe, text: SnapshotAssertion, year: int, before: str, code: int
) -> None:
    """2.595 is shown as 2.60: Baik on the rounded basis of 2023, Cukup on the exact one of 2024."""
    asked = ("whatif", AMBANG, "--year", str(year))
    stays = spbe(*asked, "--set", "12=5", "--min-predicate", "baik")
    assert stays.code == code
    assert f"The predicate stays {before}" in stays.out
    assert ("short by 0.005 points" in stays.err) is bool(code)
    onto = spbe(*asked, "--set", "12=4", "--set", "47=4", "--min-predicate", "baik")  # 2.6 exactly
    assert onto.code == 0
    assert stays.out + stays.err + onto.out == text


@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "csv", "markdown"])
def test_gates_look_at_the_result_after_the_change(spbe: Spbe, format_: str) -> None:
    asked = ("whatif", BANDAR_LAMPUNG, "--format", format_, "--min-index", "2.6")
    assert spbe(*asked, *CHANGES).code == 0
    unmet = spbe(*asked, "--scenario", SCENARIOS, GITHUB_ACTIONS="true")
    assert unmet.code == 1
    assert "dulu: expected at least 2.60, found 2.3625, short by 0.2375" in unmet.err
    assert unmet.err.count("::error") == 3
    assert spbe(*asked, "--scenario", SCENARIOS, "--exit-zero").code == 0


def test_saved_it_scores_exactly_the_same(spbe: Spbe, tmp_path: Path) -> None:
    saved = tmp_path / "rencana.yaml"
    found = spbe("whatif", BANDAR_LAMPUNG, *CHANGES, "--format", "json", "--save", str(saved))
    assert found.code == 0, found.err
    (result,) = json.loads(found.out)["results"]
    (card,) = json.loads(spbe("score", str(saved), "--format", "json").out)["results"]
    assert result["after"] == {"index": card["index"], "predicate": card["predicate"]}
    for key in ("institution", "category", "province", "year", "stage", "instrument"):
        assert card[key] == result[key]


def test_what_an_institution_wrote_is_kept(spbe: Spbe, tmp_path: Path) -> None:
    sheet = tmp_path / "nilai.yaml"
    name = "Kota \"X\": 'no' # \u00a0\U0001f600"
    sheet.write_text(
        f"institution: {json.dumps(name, ensure_ascii=False)}\nyear: 2023\n"
        f"instrument: {ROOT / SMALL_INSTRUMENT}\n"
        "levels:\n  1: {level: 3, note: 'a: b', evidence: ['Perwali 1', 'SK'], responsible: TU}\n"
        "  2: 4\n  3: 2\n  4:\n",
        encoding="utf-8",
    )
    saved = tmp_path / "lain" / "rencana.yaml"
    saved.parent.mkdir()
    asked = ("--missing", "bounds", "--set", "2=5", "--save", str(saved))
    assert spbe("whatif", str(sheet), *asked).code == 0
    found = spbe("score", str(saved), "--missing", "bounds", "--format", "json")
    assert found.code == 0, found.err
    (card,) = json.loads(found.out)["results"]
    assert card["institution"] == name
    assert [i["level"] for i in card["indicators"]][:3] == ["3", "5", "2"]
    assert card["bounds"]["missing"] == ["4"]
    written = saved.read_text("utf-8")
    detail = '1: {level: 3, note: "a: b", evidence: [Perwali 1, "SK"], responsible: "TU"}'
    assert detail in written
    assert written.endswith("  4:\n")


def test_an_input_is_never_saved_over(spbe: Spbe, tmp_path: Path) -> None:
    sheet, link = tmp_path / "nilai.yaml", tmp_path / "tautan.yaml"
    sheet.write_bytes((ROOT / BANDAR_LAMPUNG).read_bytes())
    link.symlink_to(sheet)
    for path in (sheet, link, tmp_path / ".." / tmp_path.name / "nilai.yaml"):
        found = spbe("whatif", str(sheet), "--set", "1=5", "--save", str(path))
        assert (found.code, found.out) == (2, "")
        assert "[save-in-use]" in found.err
    assert sheet.read_bytes() == (ROOT / BANDAR_LAMPUNG).read_bytes()


def test_saving_where_nothing_can_be_written(spbe: Spbe) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, "--set", "1=5", "--save", "/nowhere/x.yaml")
    assert found.code == 4
    assert "[output-unwritable]" in found.err


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        ([], "whatif-nothing", "--set 12=4"),
        (["--set", "12=9"], "change-off-scale", "1-5"),
        (["--set", "48=3"], "change-unknown-target", "D1, A1"),
        (["--set", "12"], "change-wrong", "12=4"),
        (["--set", "12=4", "--min-predicate", "baek"], "predicate-unknown", "Baik"),
        (["--scenario", SCENARIOS, "--save", "x.yaml"], "save-not-one", "one scenario"),
    ],
)
def test_requests_that_make_no_sense(spbe: Spbe, asked: list[str], code: str, says: str) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, *asked)
    assert (found.code, found.out) == (2, "")
    assert f"[{code}]" in found.err
    assert says in found.err


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("scenario-empty.yaml", "scenario-empty"),
        ("unknown-key--scenario.yaml", "unknown-key"),
        ("change-off-scale--scenario.yaml", "change-off-scale"),
        ("file-empty--comments.yaml", "file-empty"),
    ],
)
def test_bad_scenario_files(spbe: Spbe, name: str, code: str) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, "--scenario", f"tests/broken/{name}")
    assert (found.code, found.out) == (3, "")
    assert f"[{code}]" in found.err
    assert f"tests/broken/{name}:" in found.err


def test_a_scenario_file_that_is_not_there(spbe: Spbe) -> None:
    found = spbe("whatif", BANDAR_LAMPUNG, "--scenario", "nowhere.yaml")
    assert (found.code, found.out) == (4, "")


def test_the_schema_of_scenarios_fits_the_example() -> None:
    schema = json.loads((ROOT / "schemas/scenarios.schema.json").read_text("utf-8"))
    one = {"name": "x", "set": {"12": 4, "A3": "+1"}}
    jsonschema.validate({"scenarios": [one, {"name": "y", "set": ["A8=+1"]}]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"scenarios": []}, schema)


def test_long_predicates_leave_room_for_the_names(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "rencana.yaml"
    path.write_text(
        "scenarios:\n  - {name: A, set: {all: +0.5}}\n  - {name: B, set: {A1: 4.75}}\n",
        encoding="utf-8",
    )
    levels = b", ".join(b"%d: 3.25" % number for number in range(1, 21))
    sheet = b"year: 2026\nlevels: {%s}" % levels
    found = spbe("whatif", "-", "--scenario", str(path), columns=60, stdin=sheet)
    assert found.code == 0, found.err
    assert "Sangat Baik" in found.out
    assert "Indeks Pemdi" in found.out
    assert max(map(len, found.out.splitlines())) <= 60


def test_a_reader_that_leaves_early_does_not_lose_what_is_saved(tmp_path: Path) -> None:
    saved = tmp_path / "rencana.yaml"
    command = f"{sys.executable} -m spbe_cli whatif {BANDAR_LAMPUNG} --set 1=5 --save {saved} >&-"
    found = subprocess.run(["bash", "-c", command], capture_output=True, check=False, cwd=ROOT)
    assert b"Traceback" not in found.stderr
    assert saved.exists()


def test_names_of_scenarios_steer_nothing(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "rencana.yaml"
    scenario = '  - {name: "[red]\\e[31mSangatpanjangsekali%s", set: {A1: 5}}\n'
    path.write_text("scenarios:\n" + scenario % 1 + scenario % 2, encoding="utf-8")
    found = spbe("whatif", BANDAR_LAMPUNG, "--scenario", str(path), columns=60)
    assert found.code == 0, found.err
    assert "\x1b" not in found.out
    assert "[red]" in found.out
