"""`spbe outlook` as its users see it."""

import json
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Spbe
from support.sheets import AMBANG, BANDAR_LAMPUNG, DENPASAR, ON_THRESHOLD
from support.tables import records_of
from syrupy.assertion import SnapshotAssertion

from spbe_cli.answers.gates import bar, percent, share
from spbe_cli.words import Words

LEVELS = ", ".join(f"{code}: 3" for code in range(1, 48))


def json_of(spbe: Spbe, *arguments: str, stdin: bytes = b"") -> dict[str, Any]:
    found = spbe("outlook", *arguments, "--format", "json", stdin=stdin)
    document: dict[str, Any] = json.loads(found.out)
    name = str(document["format"]).replace("/", "-")
    schema = (ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8")
    jsonschema.validate(document, json.loads(schema))
    return document


def result_of(spbe: Spbe, *arguments: str, stdin: bytes = b"") -> dict[str, Any]:
    (result,) = json_of(spbe, *arguments, stdin=stdin)["results"]
    return dict(result)


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_widths_and_languages(
    spbe: Spbe, text: SnapshotAssertion, columns: int, language: str
) -> None:
    found = spbe(
        "outlook", DENPASAR, "--stage", "self", "--agreement", "0.9", "--lang", language,
        columns=columns,
    )  # fmt: skip
    assert (found.code, found.err) == (0, "")
    assert max(map(len, found.out.splitlines())) <= columns
    assert found.out == text


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_calibrated(spbe: Spbe, text: SnapshotAssertion, columns: int, language: str) -> None:
    arguments = ["--calibrate", DENPASAR, "--lang", language]
    alone = spbe("outlook", *arguments, columns=columns)
    used = spbe("outlook", DENPASAR, "--stage", "self", *arguments, columns=columns)
    assert (alone.code, used.code) == (0, 0)
    assert max(map(len, (alone.out + used.out).splitlines())) <= columns
    assert alone.out + used.out == text


def test_agreements_by_indicator(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("outlook", AMBANG, "--agreements", "examples/keyakinan.yaml", "--lang", "id")
    assert found.code == 0
    assert found.out == text


@pytest.mark.parametrize("missing", ["uniform", "bounds"])
def test_missing_levels(spbe: Spbe, text: SnapshotAssertion, missing: str) -> None:
    stdin = f"institution: Kota X\nyear: 2024\nlevels: {{{LEVELS[:-14]}}}".encode()
    assert spbe("outlook", "-", "--agreement", "0.9", stdin=stdin).code == 3
    arguments = ("-", "--agreement", "0.9", "--missing", missing)
    found = spbe("outlook", *arguments, stdin=stdin)
    assert found.code == 0
    assert found.out == text
    result = result_of(spbe, *arguments, stdin=stdin)
    assert result["missing"] == ["46", "47"]
    assert result["claimed"] is None
    assert (result["bounds"] is None) == (missing == "uniform")
    rows = records_of(spbe("outlook", *arguments, "-f", "csv", stdin=stdin).out)
    assert len(list(rows)) == 5


def test_a_stream_without_blocks(
    spbe_process: Callable[..., subprocess.CompletedProcess[bytes]], text: SnapshotAssertion
) -> None:
    found = spbe_process(
        "outlook", AMBANG, "--agreement", "0.9", "--model", "symmetric",
        PYTHONIOENCODING="ascii", COLUMNS="80",
    )  # fmt: skip
    assert found.stdout.decode("ascii") == text


def test_json_adds_up_exactly(spbe: Spbe) -> None:
    result = result_of(spbe, BANDAR_LAMPUNG, "--agreement", "0.9")
    chances = {name: Fraction(text) for name, text in result["probabilities"].items()}
    assert sum(chances.values()) == 1
    assert 0 < chances["Kurang"] < Fraction(1, 10**4)
    at_least = [Fraction(text) for text in result["at_least"].values()]
    assert at_least == sorted(at_least)
    assert at_least[-1] == 1
    assert result["claimed"]["index"] == {"exact": "2.1545", "rounded": "2.15"}
    assert list(result["quantiles"]) == ["0.05", "0.5", "0.95"]
    assert result["highest"]["exact"] == "2.1545"


def test_the_model_by_hand(spbe: Spbe) -> None:
    """Only indicator 47 (3 %) stands above level 1: one step is 0.03 points."""
    levels = ", ".join(f"{code}: {3 if code == 47 else 1}" for code in range(1, 48))
    stdin = f"year: 2024\nlevels: {{{levels}}}".encode()
    result = result_of(spbe, "-", "--agreement", "0.75", stdin=stdin)
    assert result["mean"]["exact"] == "1.0525"
    assert result["variance"] == "0.00016875"  # 0.03 squared, times 3/16
    assert (result["lowest"]["exact"], result["highest"]["exact"]) == ("1.03", "1.06")


@pytest.mark.parametrize(
    ("year", "claimed", "kept", "other"),
    [
        # 34 indicators stand above level 1; 2023 goes by the shown index, 2024 by the exact one.
        ("2023", "Baik", Fraction(9, 10) ** 34, Fraction(0)),
        ("2024", "Cukup", Fraction(1), Fraction(9, 10) ** 34),
    ],
)
def test_a_sheet_that_reaches_the_threshold_by_rounding(
    spbe: Spbe, year: str, claimed: str, kept: Fraction, other: Fraction
) -> None:
    arguments = (AMBANG, "--year", year, "--agreement", "0.9")
    result = result_of(spbe, *arguments)
    assert result["claimed"]["predicate"]["name"] == claimed
    assert Fraction(result["at_least"][claimed]) == kept
    basis = "exact" if year == "2023" else "rounded"
    baik = Fraction(result["at_least_by_basis"][basis]["Baik"])
    assert baik == other
    page = spbe("outlook", *arguments).out
    assert ("The rounded index decides" in page) == (year == "2023")
    assert ("The exact index decides" in page) == (year == "2024")


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_a_sheet_exactly_on_a_threshold(spbe: Spbe, year: str) -> None:
    levels = ", ".join(f"{code}: {level}" for code, level in ON_THRESHOLD.items())
    above = sum(level > 1 for level in ON_THRESHOLD.values())
    stdin = f"year: {year}\nlevels: {{{levels}}}".encode()
    index = json.loads(spbe("score", "-", "-f", "json", stdin=stdin).out)["results"][0]["index"]
    assert index["exact"] == "2.6"
    result = result_of(spbe, "-", "--agreement", "1", stdin=stdin)
    assert result["probabilities"]["Baik"] == "1"
    result = result_of(spbe, "-", "--agreement", "0.9", stdin=stdin)
    assert Fraction(result["probabilities"]["Baik"]) == Fraction(9, 10) ** above
    for gate, code in (("baik=1", 0), ("sangat-baik=0", 0), ("sangat-baik=0.000001", 1)):
        arguments = ("outlook", "-", "--agreement", "1", "--min-probability", gate)
        assert spbe(*arguments, stdin=stdin).code == code


def test_gates_compare_exactly_and_say_by_how_much(spbe: Spbe) -> None:
    outlook = ("outlook", DENPASAR, "--stage", "self", "--agreement", "0.9")
    chance = result_of(spbe, *outlook[1:])["at_least"]["Sangat Baik"]
    just = f"{Fraction(chance).limit_denominator(10**9)}"
    assert spbe(*outlook, "--min-probability", "Sangat Baik=0.89").code == 0
    found = spbe(*outlook, "--min-probability", "sangat baik=0.9", "--min-probability", "baik=1")
    assert found.code == 1
    assert found.err == (
        "gate not met: Pemerintah Kota Denpasar, 2018, stage self: Sangat Baik or better expected "
        "with at least 90 %, found 89.35 %, short by 0.65 percentage points\n"
    )
    assert spbe(*outlook, "--min-probability", "baik=1").code == 0
    assert spbe(*outlook, "--min-probability", "sangat baik=0.9", "--exit-zero").code == 0
    met = spbe(*outlook, "--min-probability", f"sangat baik={just}").code == 0
    assert met == (Fraction(chance) >= Fraction(just))
    document = json_of(spbe, *outlook[1:], "--min-probability", "sangat baik=0.9")
    (gate,) = document["gates"]
    assert Fraction(gate["short_by"]) == Fraction(9, 10) - Fraction(chance)
    assert gate["met"] is False
    said = spbe(*outlook, "--min-probability", "sangat baik=0.9", GITHUB_ACTIONS="true").err
    assert "::error file=examples/denpasar-2018.yaml,title=gate::" in said


def test_denpasar_counted_by_hand(spbe: Spbe) -> None:
    """Of 37 claims 16 stand: 1, 3, 4, 6, 7, 9-12, 15, 18, 21, 22, 26, 30, 33. Only 25 rose."""
    document = json_of(spbe, "--calibrate", DENPASAR)
    counts = {"compared": 37, "confirmed": 16, "lowered": 20, "raised": 1, "further": 13}
    total = {**counts, "within": 0, "could_fall": 37, "agreement": "17/37"}
    assert document["total"] == total
    result = result_of(spbe, DENPASAR, "--stage", "self", "--calibrate", DENPASAR)
    assert result["agreement"]["each"] == "17/37"
    assert result["agreement"]["calibration"] == total
    assert result["agreement"]["estimate"] == document["estimate"]
    assert (result["model"], result["correlation"]["from"]) == ("observed", None)


def test_few_pairs_are_marked_in_data_and_held_back_in_text(spbe: Spbe) -> None:
    """JSON keeps the model's value, the gate goes by it, the page says nothing beyond 1 %."""
    arguments = (DENPASAR, "--stage", "self", "--calibrate", DENPASAR)
    result = result_of(spbe, *arguments)
    assert result["agreement"]["estimate"]["few_pairs"] is True
    chance = Fraction(result["at_least"]["Sangat Baik"])
    assert 0 < chance < Fraction(1, 10**6)
    assert sum(Fraction(text) for text in result["probabilities"].values()) == 1
    page = spbe("outlook", *arguments, "--lang", "en").out
    assert "Chance to keep at least Sangat Baik: < 1 %" in page
    assert "< 0.01" not in page
    assert spbe("outlook", *arguments, "--min-probability", "sangat baik=0.005").code == 1


def test_both_ends_of_the_agreement(spbe: Spbe) -> None:
    result = result_of(spbe, DENPASAR, "--stage", "self", "--calibrate", DENPASAR)
    low, high = result["ends"]
    interval = result["agreement"]["estimate"]["interval"]
    assert (low["agreement"], high["agreement"]) == (interval["low"], interval["high"])
    means = [Fraction(each["mean"]["exact"]) for each in (low, result, high)]
    assert means == sorted(means)
    assert result_of(spbe, AMBANG, "--agreement", "0.9")["ends"] == []


def five_pairs(folder: Path) -> Path:
    """Five institutions; the first two fell in a third of their claims, the others in none."""
    for number in range(5):
        found = ", ".join(
            f"{code}: {2 if number < 2 and code % 3 == 0 else 3}" for code in range(1, 48)
        )
        (folder / f"{number}.yaml").write_text(
            f"institution: Kota {number}\nyear: 2023\n"
            f"stages: {{self: {{{LEVELS}}}, final: {{{found}}}}}\n",
            encoding="utf-8",
        )
    return folder


def test_each_pair_is_predicted_from_the_others(spbe: Spbe, tmp_path: Path) -> None:
    """Two strict assessors of five: the correlation is seen, and every finding is foreseen."""
    pairs = str(five_pairs(tmp_path))
    document = json_of(spbe, "--calibrate", pairs)
    assert document["estimate"]["few_pairs"] is False
    assert document["estimate"]["pairs"] == 5
    assert document["correlation"] not in ("0", "1")
    predicted = document["predictions"]
    assert len(predicted) == 5
    record = document["estimate"]["record"]
    assert record["covered"] == sum(each["covered"] for each in predicted)
    squares = [(Fraction(each["chance"]) - each["kept"]) ** 2 for each in predicted]
    assert Fraction(record["brier"]) == sum(squares) / 5
    sheet = str(tmp_path / "0.yaml")
    used = result_of(spbe, sheet, "--stage", "self", "--calibrate", pairs)
    assert used["agreement"]["estimate"]["record"] == record
    assert used["correlation"] == {"rho": document["correlation"], "from": "calibration"}
    page = spbe("outlook", sheet, "--stage", "self", "--calibrate", pairs, "--lang", "en").out
    assert "Each pair predicted from the others" in page
    assert "fewer than five pairs" not in page
    given = result_of(spbe, sheet, "--stage", "self", "--calibrate", pairs, "--correlation", "0.5")
    assert given["correlation"] == {"rho": "0.5", "from": "option"}


def test_by_domain(spbe: Spbe, tmp_path: Path) -> None:
    arguments = ("--calibrate", str(five_pairs(tmp_path)), "--by", "domain")
    groups = {odds["group"] for odds in json_of(spbe, *arguments)["estimate"]["odds"]}
    assert groups == {None, "D1", "D2", "D3", "D4"}
    assert "Domains with odds of their own: D1, D2, D3, D4" in spbe("outlook", *arguments).out
    alone = ("--calibrate", DENPASAR, "--by", "domain")
    assert "No domain has enough claims" in spbe("outlook", *alone, "--lang", "en").out


def test_strength_is_said_and_felt(spbe: Spbe) -> None:
    arguments = (DENPASAR, "--stage", "self", "--calibrate", DENPASAR)
    means = [
        Fraction(result_of(spbe, *arguments, "--strength", strength)["mean"]["exact"])
        for strength in ("0", "2", "1000")
    ]
    assert len(set(means)) == 3
    assert "with the weight of 7" in spbe("outlook", *arguments, "--strength", "7").out


def test_correlation_of_an_assumption(spbe: Spbe) -> None:
    """Nine in ten, all or none: what can fall falls together with a probability of 1/10."""
    alone, tied = (
        result_of(spbe, AMBANG, "--agreement", "0.9", "--correlation", rho) for rho in ("0", "1")
    )
    assert alone["mean"] == tied["mean"]
    assert tied["at_least"]["Baik"] == "0.9"
    assert tied["correlation"] == {"rho": "1", "from": "option"}
    page = spbe("outlook", AMBANG, "--agreement", "0.9", "--correlation", "1", "--lang", "en").out
    assert "Assumption: each level is confirmed with a probability of 90 %" in page
    assert "Levels fall together: correlation 1, assumed" in page


def test_pairs_from_files_of_one_stage_each(spbe: Spbe, tmp_path: Path) -> None:
    for number, (name, stage, first) in enumerate(
        [
            ("Kota A", "final", 2),
            ("Kota B", "mandiri", 3),
            ("kota  a", "self", 3),
            ("Kota B", "dokumen", 3),
        ]
    ):
        levels = LEVELS.replace("1: 3", f"1: {first}", 1)
        sheet = f"institution: {name}\nyear: 2023\nstage: {stage}\nlevels: {{{levels}}}\n"
        (tmp_path / f"{number}.yaml").write_text(sheet, encoding="utf-8")
    paths = [part for path in sorted(tmp_path.iterdir()) for part in ("--calibrate", str(path))]
    document = json_of(spbe, *paths)
    total = document["total"]
    assert (total["compared"], total["lowered"]) == (94, 1)
    assert len(document["results"]) == 2
    rows = records_of(spbe("outlook", *paths, "-f", "csv").out)
    assert [row["agreement"] for row in rows] == ["0.978723404255", "1.000000000000"]
    page = spbe("outlook", *paths, "-f", "markdown").out
    assert "| **Sum** | **94** | **93** |" in page
    found = spbe("outlook", *paths[:4])
    assert found.code == 3
    assert found.err.count("[pair-incomplete]") == 2


def test_calibration_from_standard_input(spbe: Spbe) -> None:
    stdin = (ROOT / DENPASAR).read_bytes()
    assert json_of(spbe, "--calibrate", "-", stdin=stdin)["total"]["compared"] == 37


def test_an_option_speaks_over_the_files_default(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "keyakinan.yaml"
    path.write_text("agreement: 0.5\nindicators: {D1: 0.25, 1: 1}\n", encoding="utf-8")
    own = result_of(spbe, AMBANG, "--agreements", str(path))["agreement"]
    assert (own["each"], own["agreed_by"]) == ("0.5", "file")
    over = result_of(spbe, AMBANG, "--agreements", str(path), "--agreement", "0.8")["agreement"]
    assert (over["each"], over["agreed_by"]) == ("0.8", "option")
    assert over["indicators"] == own["indicators"]
    assert own["indicators"]["1"] == "1"
    assert own["indicators"]["10"] == "0.25"
    path.write_text("indicators: {D1: 0.25}\n", encoding="utf-8")
    found = spbe("outlook", AMBANG, "--agreements", str(path))
    assert found.code == 2
    assert "[agreement-missing]" in found.err


def test_agreements_of_some_are_not_enough_in_any_encoding(spbe: Spbe, tmp_path: Path) -> None:
    """A notice on the file ended the command without an answer, and with exit code 0."""
    path = tmp_path / "keyakinan.yaml"
    path.write_bytes("indicators: {D1: 0.5}  # é\n".encode("cp1252"))
    found = spbe("outlook", DENPASAR, "--stage", "self", "--agreements", str(path))
    assert (found.code, found.out) == (2, "")
    assert "[agreement-missing]" in found.err


@pytest.mark.parametrize(
    ("arguments", "code", "near"),
    [
        ([], "agreement-missing", "--agreement 0.9"),
        (["--agreement", "1.5"], "agreement-wrong", "such as 0.9"),
        (["--agreement", "tiga"], "agreement-wrong", "such as 0.9"),
        (["--agreement", "-0.1"], "agreement-wrong", "such as 0.9"),
        (["--agreement", "90"], "agreement-wrong", "did you mean 0.9?"),
        (["--agreement", "85 %"], "agreement-wrong", "did you mean 0.85?"),
        (["--agreement", "0.9", "--min-probability", "baek=0.9"], "predicate-unknown", '"Baik"'),
        (["--agreement", "0.9", "--min-probability", "0.9"], "probability-gate-wrong", "baik=0.9"),
        (["--agreement", "0.9", "--min-probability", "baik=9"], "probability-gate-wrong", "=0.9"),
        (["--agreement", "0.9", "--calibrate", DENPASAR], "agreement-twice", "take one"),
        (["--agreement", "0.9", "--model", "symetric"], "option-wrong-value", "symmetric"),
        (["--agreement", "0.9", "--model", "observed"], "observed-needs-pairs", "--calibrate"),
        (["--agreement", "0.9", "--by", "domain"], "observed-only", "--by"),
        (["--agreement", "0.9", "--correlation", "1.5"], "correlation-wrong", "0.2"),
        (["--agreement", "0.9", "--correlation", "x"], "correlation-wrong", "0.2"),
        (["--calibrate", DENPASAR, "--strength", "-1"], "amount-wrong", "at least 0"),
    ],
)
def test_requests_that_make_no_sense(
    spbe: Spbe, arguments: list[str], code: str, near: str
) -> None:
    found = spbe("outlook", AMBANG, *arguments)
    assert (found.code, found.out) == (2, "")
    assert f"[{code}]" in found.err
    assert near in found.err


def test_a_gate_without_a_sheet_does_not_pass(spbe: Spbe) -> None:
    found = spbe("outlook", "--calibrate", DENPASAR, "--min-probability", "baik=0.9")
    assert found.code == 2
    assert "[argument-missing]" in found.err


def test_what_is_possible_never_looks_impossible_nor_certain() -> None:
    words, little = Words("id"), Fraction(1, 10**30)
    shown = [percent(p, words) for p in (Fraction(0), little, Fraction(1, 8), 1 - little)]
    assert shown == ["0%", "< 0,01%", "12,50%", "> 99,99%"]
    assert percent(Fraction(1), words) == "100%"
    assert percent(Fraction(1, 20000), words) == "0,01%"
    assert [share(p, words) for p in (Fraction(9, 10), Fraction(16, 37))] == ["90%", "43,24%"]
    bars = [bar(p) for p in (Fraction(0), little, Fraction(1, 2), 1 - little, Fraction(1))]
    assert bars == ["", "▏", "█████", "█████████▉", "██████████"]
    ascii_bars = [bar(p, unicode=False) for p in (Fraction(0), little, 1 - little, Fraction(1))]
    assert ascii_bars == ["", "-", "#########-", "##########"]


def test_python() -> None:
    from spbe_cli import Agreement, calibrate, load_instrument, outlook, read_assessment
    from spbe_cli.core.assessment import Stage

    path = ROOT / DENPASAR
    claimed = read_assessment(path, stage=Stage.SELF)
    instrument = load_instrument(claimed.instrument)
    agreement = calibrate(instrument, [(claimed, read_assessment(path))]).agreement
    assert agreement == Fraction(17, 37)
    found = outlook(instrument, claimed, Agreement(agreement))
    assert sum(chance.probability for chance in found.chances) == 1
