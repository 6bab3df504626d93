"""What an instrument of one's own must not be: each kind in several shapes, and what it may be."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Spbe

from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.problem import Problem, errors_of
from spbe_cli.read.instruments import instrument_from_file, shipped_ids, shipped_instrument

Data = dict[str, Any]


def small(**changes: Any) -> Data:  # noqa: ANN401
    """An instrument of two aspects with two indicators each; codes may be changed."""
    codes = {"G1": "G1", "G2": "G2", **{c: c for c in "1234"}, **changes.pop("codes", {})}
    groups = [
        {
            "code": codes[group],
            "name": group,
            "weight": 50,
            "indicators": [{"code": codes[c], "name": c, "weight": 25} for c in inside],
        }
        for group, inside in (("G1", "12"), ("G2", "34"))
    ]
    predicates = [{"name": "Baik", "from": "2.6"}, {"name": "Kurang"}]
    scale = {"lowest": 1, "highest": 5}
    kept = {"id": "own", "title": "Own", "scale": scale, "predicates": predicates, "groups": groups}
    return {**kept, **changes}


def read(data: Data, folder: Path) -> tuple[Instrument | None, list[Problem]]:
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return instrument_from_file(str(path))


def refused(data: Data, folder: Path) -> list[str]:
    instrument, problems = read(data, folder)
    assert (instrument is None) == bool(errors_of(problems))
    assert all(problem.place.line for problem in problems)
    return [problem.code for problem in errors_of(problems)]


def periods(*spans: tuple[int | None, int | None]) -> list[Data]:
    found = []
    for number, (first, last) in enumerate(spans):
        years = {key: year for key, year in (("from", first), ("to", last)) if year is not None}
        found.append({"compare": ("rounded", "exact")[number % 2], **years})
    return found


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        ([(2021, 2022), (2024, None)], ["basis-gap"]),
        ([(2024, None), (2021, 2022)], ["basis-gap"]),
        ([(None, 2020), (2022, None)], ["basis-gap"]),
        ([(2021, 2021), (2023, 2023), (2025, None)], ["basis-gap", "basis-gap"]),
        ([(2021, 2022), (2030, 2031)], ["basis-gap"]),
        ([(2021, 2024), (2024, None)], ["basis-overlap"]),
        ([(2021, 2030), (2024, 2025)], ["basis-overlap"]),
        ([(2021, None), (2021, None)], ["basis-overlap"]),
        ([(None, 2023), (None, None)], ["basis-overlap"]),
        ([(None, None), (None, None)], ["basis-overlap"]),
        ([(2023, 2021)], ["years-reversed"]),
        ([(2021, 2022), (2025, 2023)], ["years-reversed"]),
        ([(2022, 2021), (2025, 2023)], ["years-reversed", "years-reversed"]),
    ],
)
def test_a_basis_with_gaps_overlaps_or_reversals_is_refused(
    spans: list[tuple[int | None, int | None]], codes: list[str], tmp_path: Path
) -> None:
    assert refused(small(basis=periods(*spans)), tmp_path) == codes


@pytest.mark.parametrize(
    ("years", "span", "codes"),
    [
        ({"from": 2020}, (2021, None), ["basis-gap"]),
        ({"from": 2020, "to": 2025}, (2020, 2024), ["basis-gap"]),
        ({"from": 2020}, (2020, 2024), ["basis-gap"]),
        ({"to": 2025}, (2020, 2024), ["basis-gap"]),
        ({"from": 2020, "to": 2025}, (2021, 2024), ["basis-gap", "basis-gap"]),
        ({"from": 2025, "to": 2020}, (2020, 2024), ["years-reversed"]),
        ({"from": 2020, "to": 2025}, (2020, 2025), []),
        ({"from": 2020, "to": 2025}, (2018, 2030), []),
        ({"from": 2020, "to": 2025}, (None, None), []),
        ({"to": 2025}, (None, 2025), []),
    ],
)
def test_every_year_of_use_has_a_basis(
    years: Data, span: tuple[int | None, int | None], codes: list[str], tmp_path: Path
) -> None:
    assert refused(small(years=years, basis=periods(span)), tmp_path) == codes


def test_periods_are_put_in_order_and_end_where_they_say(tmp_path: Path) -> None:
    basis = [{"compare": "exact", "from": 2024, "to": 2026}, {"compare": "rounded", "from": 2021}]
    own, problems = read(small(basis=basis), tmp_path)
    assert problems == []
    assert own is not None
    found = [own.basis_in(year).basis for year in (2021, 2023, 2024, 2026)]
    assert found == [Basis.ROUNDED, Basis.ROUNDED, Basis.EXACT, Basis.EXACT]
    assert [own.is_used_in(year) for year in (2020, 2021, 2026, 2027)] == [False, True, True, False]


def test_a_year_after_the_last_basis_is_said(spbe: Spbe, tmp_path: Path) -> None:
    read(small(basis=periods((2021, 2023))), tmp_path)
    own = str(tmp_path / "own.yaml")
    for year, said in (("2023", False), ("2024", True), ("2020", True)):
        sheet = tmp_path / "a.yaml"
        sheet.write_text(f"institution: A\nyear: {year}\nlevels: {{1: 3, 2: 3, 3: 3, 4: 3}}\n")
        done = spbe("score", str(sheet), "--instrument", own)
        assert done.code == 0
        assert ("[instrument-other-year]" in done.err) == said


@pytest.mark.parametrize(
    ("scale", "codes"),
    [
        ({"lowest": -2, "highest": 2}, ["scale-below-zero", "threshold-off-scale"]),
        ({"lowest": -1, "highest": 5}, ["scale-below-zero"]),
        ({"lowest": "-0.5", "highest": "4.5"}, ["scale-below-zero"]),
        ({"lowest": -5, "highest": 0}, ["scale-below-zero", "threshold-off-scale"]),
        ({"lowest": "-1/3", "highest": "8/3"}, ["scale-below-zero", "scale-too-fine"]),
        ({"lowest": 1, "highest": 5, "step": "1/3"}, ["scale-too-fine"]),
        ({"lowest": 1, "highest": 4, "step": "3/7"}, ["scale-too-fine"]),
        ({"lowest": "1/3", "highest": "13/3"}, ["scale-too-fine"]),
        ({"lowest": "2/3", "highest": "14/3", "step": "2/3"}, ["scale-too-fine"] * 2),
        ({"lowest": 0, "highest": "5/3", "step": "5/6"}, ["scale-too-fine", "threshold-off-scale"]),
        ({"lowest": 1, "highest": 5, "step": "0.00625/1"}, ["not-a-number"]),
        ({"lowest": 0, "highest": 5}, []),
        ({"lowest": 1, "highest": 5, "step": "1/4"}, []),
        ({"lowest": 1, "highest": 3, "step": "0.01"}, []),
    ],
)
def test_scales_that_are_no_scales(scale: Data, codes: list[str], tmp_path: Path) -> None:
    assert sorted(refused(small(scale=scale), tmp_path)) == sorted(codes)


@pytest.mark.parametrize(
    ("starts", "wrong"),
    [
        (["26", None], 1),
        (["5.01", "2.6", None], 1),
        (["3.5", "1", None], 1),
        (["3.5", "0.5", None], 1),
        (["3.5", "2.6", "0"], 1),
        (["42", "35", "26", None], 3),
        (["5", None], 0),
        (["1.01", None], 0),
        (["3.5", "1"], 0),
        ([None], 0),
        (["1"], 0),
    ],
)
def test_thresholds_divide_the_scale(starts: list[str | None], wrong: int, tmp_path: Path) -> None:
    predicates = [
        {"name": f"P{number}", **({} if start is None else {"from": start})}
        for number, start in enumerate(starts)
    ]
    assert refused(small(predicates=predicates), tmp_path) == ["threshold-off-scale"] * wrong


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        ({"2": "01"}, ["codes-alike"]),
        ({"2": "I1"}, ["codes-alike"]),
        ({"2": "i1"}, ["codes-alike"]),
        ({"2": "Indikator 1"}, ["codes-alike"]),
        ({"2": "1.0"}, ["codes-alike"]),
        ({"2": "1."}, ["codes-alike"]),
        ({"1": "A", "2": "a"}, ["codes-alike"]),
        ({"G2": "g1"}, ["codes-alike"]),
        ({"1": "g2"}, ["codes-alike"]),
        ({"G1": "I1"}, ["codes-alike"]),
        ({"G1": "01"}, ["codes-alike"]),
        ({"2": "1"}, ["code-repeated"]),
        ({"1": "index"}, ["code-reserved"]),
        ({"1": "INDEX"}, ["code-reserved"]),
        ({"G1": "all"}, ["code-reserved"]),
        ({"G1": "All"}, ["code-reserved"]),
        ({"2": "institution"}, ["code-reserved"]),
        ({"2": "Tahun"}, ["code-reserved"]),
        ({"2": "predicate"}, ["code-reserved"]),
        ({"2": "Nilai"}, ["code-reserved"]),
        ({"G2": "akhir"}, ["code-reserved"]),
        ({"1": "No"}, ["code-reserved"]),
        ({"1": "index", "2": "01", "3": "1"}, ["code-reserved", "codes-alike"]),
        ({"1": "K1", "2": "K2", "G1": "K"}, []),
        ({"1": "1.1", "2": "1.2", "3": "2.1", "4": "2.10"}, []),
        ({"1": "A1", "2": "A2", "G1": "A", "G2": "B"}, []),
        ({"G1": "D1", "G2": "D2"}, []),
    ],
)
def test_codes_that_collide(codes: dict[str, str], found: list[str], tmp_path: Path) -> None:
    assert refused(small(codes=codes), tmp_path) == found


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["Baik", "baik"], ["predicates-alike"]),
        (["Sangat Baik", "sangat-baik"], ["predicates-alike"]),
        (["Sangat Baik", "SANGAT_BAIK"], ["predicates-alike"]),
        (["Baik (Berkembang)", "Baik"], ["predicates-alike"]),
        (["Baik (Berkembang)", "Baik (Membangun)"], ["predicates-alike"]),
        (["Sangat  Baik", "Sangat Baik"], ["predicates-alike"]),
        (["Baik", "Baik"], ["predicate-repeated"]),
        (["Baik", "Sangat Baik"], []),
        (["Baik (Berkembang)", "Cukup (Berkembang)"], []),
    ],
)
def test_predicates_that_are_one(names: list[str], codes: list[str], tmp_path: Path) -> None:
    predicates = [{"name": names[0], "from": 3}, {"name": names[1]}]
    assert refused(small(predicates=predicates), tmp_path) == codes


@pytest.mark.parametrize("id_", [*shipped_ids(), "SPBE-2020"])
def test_the_id_of_a_shipped_instrument_is_taken(id_: str, tmp_path: Path) -> None:
    """A sheet could be meant for either; where no code is shared it could not, and that is said."""
    code = shipped_instrument(id_.lower()).indicators[0].code
    assert refused(small(id=id_, codes={"2": code} if code != "1" else {}), tmp_path) == [
        "instrument-id-taken"
    ]
    foreign = small(id=id_, codes={c: f"K{c}" for c in "1234"})
    own, problems = read(foreign, tmp_path)
    assert own is not None
    assert [(p.code, p.severity) for p in problems] == [("instrument-id-taken", "notice")]


@pytest.mark.parametrize("id_", shipped_ids())
def test_a_copy_of_a_shipped_instrument_may_keep_its_id(id_: str, tmp_path: Path) -> None:
    """All that is refused in an own instrument the shipped ones are held to here."""
    paths = [ROOT / "indicators.yaml", *(ROOT / "instruments").glob("*.yaml")]
    (path,) = [p for p in paths if f"\nid: {id_}\n" in p.read_text(encoding="utf-8")]
    text = path.read_text(encoding="utf-8")
    copy = tmp_path / "copy.yaml"
    copy.write_text(text, encoding="utf-8")
    own, problems = instrument_from_file(str(copy))
    assert problems == []
    assert own is not None
    assert own.indicators == shipped_instrument(id_).indicators
    changed = re.sub("^title: .*$", "title: Other", text, count=1, flags=re.MULTILINE)
    copy.write_text(changed, encoding="utf-8")
    assert [p.code for p in instrument_from_file(str(copy))[1]] == ["instrument-id-taken"]


def test_everything_is_refused_at_once(spbe: Spbe, tmp_path: Path) -> None:
    data = small(
        id="spbe-2018",
        scale={"lowest": -1, "highest": 5, "step": "1/3"},
        predicates=[{"name": "Baik", "from": 26}, {"name": "BAIK"}],
        basis=periods((2021, 2022), (2024, None)),
        codes={"1": "index", "3": "02"},
    )
    _, problems = read(data, tmp_path)
    assert sorted({problem.code for problem in problems}) == [
        "basis-gap",
        "code-reserved",
        "codes-alike",
        "instrument-id-taken",
        "predicates-alike",
        "scale-below-zero",
        "scale-too-fine",
        "threshold-off-scale",
    ]
    for language in ("en", "id"):
        done = spbe("instrument", "check", str(tmp_path / "own.yaml"), "--lang", language)
        assert (done.code, done.out) == (3, "")
        assert all(f"[{problem.code}]" in done.err for problem in problems)
        assert done.err.count("own.yaml:") == len(problems)


def test_show_and_diff_say_the_basis(spbe: Spbe, tmp_path: Path) -> None:
    spans: dict[str, list[tuple[int | None, int | None]]] = {
        "All years: the rounded index": [(None, None)],
        "Up to 2023: the rounded index": [(None, 2023), (2024, None)],
        "From 2024: the exact index": [(None, 2023), (2024, None)],
        "From 2021 to 2023: the rounded index": [(2021, 2023), (2024, None)],
        "From 2021: the rounded index": [(2021, None)],
    }
    read(small(), tmp_path)
    (tmp_path / "own.yaml").rename(tmp_path / "plain.yaml")
    own, plain = str(tmp_path / "own.yaml"), str(tmp_path / "plain.yaml")
    for said, basis in spans.items():
        assert read(small(basis=periods(*basis)), tmp_path)[1] == []
        assert said in " ".join(spbe("instrument", "show", own).out.split())
        out = " ".join(spbe("instrument", "diff", plain, own).out.split())
        assert said in out
        assert "own: All years: the exact index decides the predicate" in out
        assert out.endswith("No difference in groups and indicators")
    out = spbe("instrument", "diff", plain, plain).out
    assert out.rstrip().endswith("No difference")


ONE: Data = small(predicates=[{"name": "Dinilai"}], index="Indeks Mutu")
SHEET = "institution: A\nyear: {year}\nlevels: {{1: {level}, 2: 2, 3: 4, 4: 1}}\n"
TABLE = "institution,year,index,predicate\nA,2024,2.75,Dinilai\nB,2024,3.00,Dinilai\n"
COMMANDS = [
    "score {a} --detail indicator",
    "score {a} --min-predicate dinilai",
    "levers {a}",
    "plan {a}",
    "plan {a} --target dinilai",
    "whatif {a} --set 1=5",
    "compare {a} {b}",
    "outlook {a} --agreement 0.8 --min-probability dinilai=0.5",
    "rank {t}",
    "profile {t} --target dinilai",
    "audit {t}",
    "check {a}",
    "batch {a} {b} -o {o}.csv",
    "batch {a} {b} -o {o}.jsonl",
    *(
        f"report {{a}} --previous {{b}} --peers {{t}} -o {{o}}.{e}"
        for e in ["html", "md", "pdf", "docx", "xlsx"]
    ),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("language", ["en", "id"])
def test_one_predicate_is_enough(command: str, language: str, spbe: Spbe, tmp_path: Path) -> None:
    read(ONE, tmp_path)
    files = {"a": "a.yaml", "b": "b.yaml", "t": "t.csv", "o": "out"}
    paths = {key: str(tmp_path / name) for key, name in files.items()}
    (tmp_path / "a.yaml").write_text(SHEET.format(year=2024, level=3), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(SHEET.format(year=2023, level=4), encoding="utf-8")
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    own = ["--instrument", str(tmp_path / "own.yaml"), "--lang", language]
    done = spbe(*command.format(**paths).split(), *own)
    assert done.code == 0, done.err
    written = [path for path in tmp_path.glob("out.*") if path.suffix in (".csv", ".md", ".html")]
    for said in [done.out, *(path.read_text(encoding="utf-8") for path in written)]:
        assert not re.search(r"\bNone\b|\bnan\b", said)
