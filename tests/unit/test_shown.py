"""Values show themselves short, as pages, as data; what is wrong with an argument is said."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT
from support.tables import cells_of

import spbe_cli
from spbe_cli import (
    Agreement,
    Assessment,
    Entry,
    InvalidInputError,
    Missing,
    MissingLevelError,
    audit,
    calibrate,
    compare,
    levers,
    load_instrument,
    outlook,
    parse_change,
    plan,
    profile,
    rank,
    read_assessment,
    read_assessments,
    read_population,
    report,
    score,
    score_bounds,
    what_if,
)
from spbe_cli.cli.run import run
from spbe_cli.core.assessment import Change, Stage
from spbe_cli.core.score import ChosenBy
from spbe_cli.core.shown import Presented

EXAMPLES = ROOT / "examples"
JAMBI = EXAMPLES / "kota-jambi-2022.yaml", EXAMPLES / "kota-jambi-2023.yaml"
NATIONAL = EXAMPLES / "national-2023.csv"
SHEET = read_assessment(EXAMPLES / "bandar-lampung-2023.yaml")
CHECKLIST = EXAMPLES / "aceh-tengah-2026-butir.csv"
ACCEPTED = read_assessment(CHECKLIST)
CARD = score("spbe-2020", SHEET)
BEFORE, AFTER = (score("spbe-2020", read_assessment(path)) for path in JAMBI)
MEMBERS = read_population(NATIONAL)
MIXED = Assessment.from_levels([3] * 40 + [None] * 7, "spbe-2020", institution="Contoh", year=2024)

ANSWERS: dict[str, Any] = {
    f"score {EXAMPLES}/bandar-lampung-2023.yaml": CARD,
    f"compare {JAMBI[0]} {JAMBI[1]}": compare(BEFORE, AFTER),
    f"plan {EXAMPLES}/bandar-lampung-2023.yaml --target baik": plan(
        "spbe-2020", SHEET, target="baik"
    ),
    f"plan {EXAMPLES}/bandar-lampung-2023.yaml --budget 10": plan("spbe-2020", SHEET, budget=10),
    f"plan {EXAMPLES}/bandar-lampung-2023.yaml --target 3.1 --style fewest --lock 1 --cap 4": plan(
        "spbe-2020",
        SHEET,
        target="3.1",
        limits=spbe_cli.Limits(locked=frozenset({"1"}), cap=Fraction(4)),
        by_number=True,
    ),
    f"plan {CHECKLIST} --target cukup": plan("pemdi-2026", ACCEPTED, target="cukup"),
    f"plan {CHECKLIST} --budget 3": plan("pemdi-2026", ACCEPTED, budget=3),
    f"outlook {EXAMPLES}/bandar-lampung-2023.yaml --agreement 0.9": outlook(
        "spbe-2020", SHEET, "0.9"
    ),
    f"rank {NATIONAL}": rank(MEMBERS),
    f"profile {NATIONAL} --target baik": profile(MEMBERS, "baik"),
    f"audit {NATIONAL} --exit-zero": audit(MEMBERS),
}
PUBLIC: list[Any] = [
    *ANSWERS.values(),
    SHEET,
    MIXED,
    Agreement(Fraction(9, 10), dict.fromkeys(SHEET.entries, Fraction(1, 3))),
    score_bounds("spbe-2020", MIXED),
    calibrate("spbe-2020", [(SHEET, SHEET)] * 20),
    spbe_cli.Costs(by_level={(code, at): Fraction(2) for code in SHEET.entries for at in (2, 3)}),
    SHEET.entries["1"],
    load_instrument("spbe-2020"),
    load_instrument("pemdi-2026"),
    levers("spbe-2020", SHEET),
    spbe_cli.Limits(locked=frozenset({"1", "2"})),
    MEMBERS[0],
    Missing.BLANK,
    spbe_cli.Model.LOWER,
    spbe_cli.Stage.FINAL,
    CARD.verdict,
    what_if("spbe-2020", SHEET, SHEET.with_levels(dict.fromkeys(SHEET.entries, Fraction(5)))),
]


def command(arguments: str, ending: str, folder: Path) -> str:
    out = folder / f"out.{ending}"
    run([*arguments.split(), "--format", ending, "--output", str(out)])
    return out.read_text("utf-8")


@pytest.mark.parametrize("arguments", ANSWERS)
def test_a_document_is_that_of_the_command(arguments: str, tmp_path: Path) -> None:
    expected = json.loads(command(arguments, "json", tmp_path))
    assert ANSWERS[arguments].to_dict() == expected


@pytest.mark.parametrize("arguments", ANSWERS)
def test_a_frame_has_the_rows_of_the_command(arguments: str, tmp_path: Path) -> None:
    heads, *rows = cells_of(command(arguments, "csv", tmp_path))
    frame = ANSWERS[arguments].to_frame()
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == heads
    for place, head in enumerate(heads):
        for cell, value in zip((row[place] for row in rows), frame[head].to_list(), strict=True):
            if isinstance(value, float):
                assert value == float(Fraction(cell))
            else:
                assert cell == ("" if value is None else str(value))


def test_numbers_of_a_frame_are_numbers_and_codes_are_text() -> None:
    assert ANSWERS[f"rank {NATIONAL}"].to_frame()["index"].dtype == pl.Float64
    assert plan("spbe-2020", SHEET, target="baik").to_frame()["indicator"].dtype == pl.String


@pytest.mark.parametrize("value", ANSWERS.values(), ids=lambda value: type(value).__name__)
def test_an_answer_is_one_line_and_its_page_is_at_most_a_screen(value: Presented) -> None:
    assert len(repr(value)) <= 200
    assert "\n" not in repr(value)
    page = value._repr_html_()
    assert 5 <= page.count("<tr>") + page.count("<p") <= 45


def test_a_page_says_how_much_it_leaves_out() -> None:
    assert re.search(r"and 58\d more rows: to_frame\(\) has all", rank(MEMBERS)._repr_html_())


def test_a_name_in_a_page_is_text() -> None:
    hostile = "<script>alert(1)</script>"
    card = score("spbe-2020", SHEET._replace(institution=hostile))
    assert hostile not in card._repr_html_()
    assert "&lt;script&gt;" in card._repr_html_()


def test_every_public_class_is_shown_on_at_most_a_screen() -> None:
    of_others = {"InvalidInputError", "MissingLevelError", "Place", "Problem"}
    classes = {name for name in spbe_cli.__all__ if isinstance(getattr(spbe_cli, name), type)}
    assert {type(value).__name__ for value in PUBLIC} | of_others == classes
    for value in (*PUBLIC, MEMBERS, read_assessments(EXAMPLES / "bandar-lampung-2023.yaml")):
        assert len(repr(value)) <= 24 * 80
        assert repr(value).count("\n") <= 24


def test_levels_are_read_as_a_person_writes_them() -> None:
    given: dict[object, Any] = {1: 3, "I2": "3,0", "3": Decimal(3), "4": 3.0, "5": Fraction(3)}
    given["6"] = " 3 "
    found = Assessment.from_levels(given | {"7": None, "8": float("nan"), "9": ""}, "spbe-2020")
    assert [entry.level for entry in found.entries.values()][:6] == [3] * 6
    assert found.missing == tuple(map(str, range(7, 48)))
    full = Assessment.from_levels(
        [level.level for level in CARD.indicators], "spbe-2020", year=2023
    )
    assert score("spbe-2020", full).index == CARD.index
    assert score("spbe-2020", full).to_dict()["results"][0]["chosen_by"] == ChosenBy.OPTION


def off_scale() -> Assessment:
    return SHEET._replace(entries={**SHEET.entries, "1": Entry(Fraction(9))})


@pytest.mark.parametrize(
    "ask",
    [
        lambda: score("spbe-2020", off_scale()),
        lambda: score_bounds("spbe-2020", off_scale()),
        lambda: levers("spbe-2020", off_scale()),
        lambda: plan("spbe-2020", off_scale(), target="baik"),
        lambda: outlook("spbe-2020", off_scale(), "0.9"),
        lambda: what_if("spbe-2020", SHEET, off_scale()),
        lambda: calibrate("spbe-2020", [(off_scale(), SHEET)]),
        lambda: report(off_scale()),
        lambda: spbe_cli.apply_changes("spbe-2020", off_scale(), []),
        lambda: Assessment.from_levels({"1": 9}, "spbe-2020"),
        lambda: score("spbe-2020", SHEET.with_levels({"1": Fraction(9)})),
    ],
)
def test_no_way_leads_to_a_score_from_a_level_off_the_scale(ask: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError, match="the level of indicator 1 is 9; the scale is 1-5"):
        ask()


def test_every_level_that_is_wrong_is_named_at_once() -> None:
    wrong: dict[str, Any] = {"1": 9, "2": "tiga", "3": 2.5, "99": 3, "4": "inf"}
    with pytest.raises(InvalidInputError) as found:
        Assessment.from_levels(wrong, "spbe-2020")
    codes = [problem.code for problem in found.value.problems]
    assert sorted(codes) == [
        *("indicator-unknown", "level-not-number", "level-not-number"),
        *("level-off-scale", "level-off-step"),
    ]
    assert len(str(found.value).splitlines()) == 5


def test_sentences_are_in_the_language_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPBE_LANG", "id")
    with pytest.raises(InvalidInputError, match='predikat "bagus"'):
        plan("spbe-2020", SHEET, target="bagus")
    assert "baris lagi: to_frame() memuat semuanya" in rank(MEMBERS)._repr_html_()


MISTAKES: list[tuple[Callable[..., object], tuple[object, ...], str]] = [
    (score, (SHEET, "spbe-2020"), "instrument: expected an Instrument, an id .* got Assessment"),
    (score, ("spbe-2020", CARD), "assessment: expected an Assessment, got Scorecard"),
    (compare, (SHEET, SHEET), "before: expected a Scorecard, got Assessment"),
    (rank, ("national-2023.csv",), "members: expected a Member, got str 'n'"),
    (rank, (CARD,), "members: expected several Members, got Scorecard"),
    (profile, (MEMBERS, 3.1), "target: expected a predicate's name.* got float 3.1"),
    (outlook, ("spbe-2020", SHEET, 0.9), "agreement: expected an Agreement.* got float 0.9"),
    (load_instrument, (2020,), "name: expected an id or the path of a file, got int 2020"),
    (Assessment.from_levels, (3, "spbe-2020"), "levels: expected a mapping .* got int 3"),
    (Assessment.from_levels, ({"1": True}, "spbe-2020"), "expected a number or a text, got bool"),
    (Assessment.from_levels, (b"333", "spbe-2020"), "levels: expected a mapping .* got bytes"),
    (spbe_cli.apply_changes, ("spbe-2020", SHEET, ["1=3"]), "changes: expected a Change, got str"),
]


def of_type(**given: object) -> Any:  # noqa: ANN401
    """Return the keyword arguments, whose types mypy would refuse."""
    return given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (of_type(each="0.9"), "got str '0.9'"),
        (of_type(each=0.9), "got float 0.9"),
        (of_type(each=True), "got bool True"),
        (of_type(each=Fraction(9, 10), by_indicator={"1": 0.5}), "got float 0.5"),
        (of_type(each=Fraction(9, 10), correlation=0.1), "got float 0.1"),
    ],
)
def test_an_agreement_is_of_exact_numbers(given: dict[str, Any], said: str) -> None:
    agreement = Agreement(**given)
    assert repr(agreement).startswith("<Agreement ")
    with pytest.raises(
        TypeError, match=f"agreement: expected a Fraction or a whole number, {said}"
    ):
        outlook("spbe-2020", SHEET, agreement)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (of_type(budget=2.5), "budget: expected a Fraction or a whole number, got float 2.5"),
        (of_type(budget="10"), "budget: expected a Fraction or a whole number, got str '10'"),
        (of_type(costs={"1": 3}), "costs: expected Costs, got dict"),
        (of_type(costs=spbe_cli.Costs(*of_type(a=0.5).values())), "costs: .*, got float 0.5"),
        (of_type(limits=4), "limits: expected Limits, got int 4"),
        (of_type(limits=spbe_cli.Limits(**of_type(cap="4"))), "limits: .*, got str '4'"),
        (of_type(limits=spbe_cli.Limits(**of_type(caps={"1": 4.0}))), "limits: .*, got float 4.0"),
    ],
)
def test_amounts_of_a_plan_are_exact_numbers(given: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        plan("spbe-2020", SHEET, target="baik", **given)


@pytest.mark.parametrize(("ask", "arguments", "said"), MISTAKES)
def test_a_mistaken_argument_says_what_was_expected(
    ask: Callable[..., object], arguments: tuple[object, ...], said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        ask(*arguments)


def test_a_level_of_another_type_and_an_absent_one_are_named() -> None:
    with pytest.raises(TypeError, match="the level of indicator 1: expected a Fraction or a whole"):
        score("spbe-2020", SHEET._replace(entries={**SHEET.entries, "1": Entry(3.5)}))  # type: ignore[arg-type]
    with pytest.raises(MissingLevelError, match="no level for indicator 2, 3"):
        score("spbe-2020", SHEET._replace(entries={"1": Entry(Fraction(3))}))
    with pytest.raises(ValueError, match="47 indicators, got 46 levels"):
        Assessment.from_levels([3] * 46, "spbe-2020")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": "2024"}, "year: expected a whole number, got str '2024'"),
        ({"year": 2024.0}, "year: expected a whole number, got float 2024.0"),
        ({"year": True}, "year: expected a whole number, got bool True"),
        ({"stage": "later"}, "stage: expected one of target, self, .* got str 'later'"),
        ({"stage": 3}, "stage: expected one of target, self, .* got int 3"),
        ({"institution": 3}, "institution: expected a text, got int 3"),
        ({"province": float("nan")}, "province: expected a text, got float nan"),
    ],
)
def test_what_an_assessment_is_of_is_looked_at(given: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        Assessment.from_levels([3] * 47, "spbe-2020", **given)


def test_a_stage_may_be_its_name() -> None:
    named: Any = "self"
    made = Assessment.from_levels([3] * 47, "spbe-2020", year=2024, stage=named)
    assert made.stage is Stage.SELF


def test_no_level_is_lost_among_the_names_of_its_indicator() -> None:
    with pytest.raises(ValueError, match="indicator 1 has two levels; one is by 'I1'"):
        Assessment.from_levels({"1": 3, "I1": 5}, "spbe-2020")
    for codes in ({"99": Fraction(3)}, {1: Fraction(3)}, {"I1": Fraction(3)}):
        wrong: Any = codes
        with pytest.raises(ValueError, match="spbe-2020 has no indicator "):
            SHEET.with_levels(wrong)


@pytest.mark.parametrize("name", ["pdf", "docx", "xlsx"])
def test_a_missing_extra_says_how_to_install_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spbe_cli.formats.endings.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=rf'python3 -m pip install "spbe-cli\[{name}\]"'):
        report(SHEET, format=name)


def test_a_frame_without_polars_is_one_of_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    there = {"pandas", "narwhals"}
    monkeypatch.setattr("spbe_cli.shown.find_spec", lambda name: name if name in there else None)
    assert isinstance(CARD.to_frame(), pd.DataFrame)
    there.clear()
    with pytest.raises(ImportError, match=r'to_frame needs .* "spbe-cli\[batch\]"'):
        CARD.to_frame()


def test_the_instrument_may_be_named_wherever_one_is_taken() -> None:
    own = load_instrument("spbe-2020")
    change = parse_change("12=4")
    assert isinstance(change, Change)
    after, _, _ = spbe_cli.apply_changes("spbe-2020", SHEET, [change])
    assert score(own, after) == score("spbe-2020", after)
    assert levers(own, SHEET) == levers("spbe-2020", SHEET)
    assert read_assessment(JAMBI[0], instrument="spbe-2020").entries == BEFORE.assessment.entries
    assert what_if(own, SHEET, after) == what_if("spbe-2020", SHEET, after)
