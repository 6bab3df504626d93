"""A user's file: every public function, called as its types say. It is read by mypy, and runs."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import spbe_cli
from spbe_cli.batch import denominators, score_frame

EXAMPLES = Path("examples")

instrument: spbe_cli.Instrument = spbe_cli.load_instrument("spbe-2020")
assessment: spbe_cli.Assessment = spbe_cli.read_assessment(EXAMPLES / "kota-jambi-2023.yaml")
before = spbe_cli.read_assessments(EXAMPLES / "kota-jambi-2022.yaml", instrument="spbe-2020")[0]
members = spbe_cli.read_population(EXAMPLES / "national-2023.csv")
own = spbe_cli.Assessment.from_levels({"1": 3, "2": "3,0"}, "spbe-2020", year=2024)

plan, score = spbe_cli.plan, spbe_cli.score
card: spbe_cli.Scorecard = spbe_cli.score("spbe-2020", assessment)
bounds: spbe_cli.Bounds = spbe_cli.score_bounds(instrument, own)
comparison: spbe_cli.Comparison = spbe_cli.compare(spbe_cli.score("spbe-2020", before), card)
rises: spbe_cli.Levers = spbe_cli.levers("spbe-2020", before)
cheapest: spbe_cli.Plan = spbe_cli.plan("spbe-2020", before, target="baik", budget=None)
odds: spbe_cli.Outlook = spbe_cli.outlook("spbe-2020", before, Fraction(9, 10))
pairs: spbe_cli.Calibration = spbe_cli.calibrate("spbe-2020", [(before, assessment)])
ranking: spbe_cli.Ranking = spbe_cli.rank(members, members)
profile: spbe_cli.Profile = spbe_cli.profile(members, "baik")
audit: spbe_cli.Audit = spbe_cli.audit(members)
change = spbe_cli.parse_change("12=4")
if not isinstance(change, spbe_cli.Problem):
    after, changed, problems = spbe_cli.apply_changes("spbe-2020", before, [change])
    imagined: spbe_cli.WhatIf = spbe_cli.what_if("spbe-2020", before, after)
outcomes, wrong = spbe_cli.check_gates([], [])
page: str | bytes = spbe_cli.report(assessment, "spbe-2020", format="md", target="memuaskan")
shown: str = spbe_cli.fixed(card.index) + spbe_cli.exact(card.index)
document: dict[str, Any] = ranking.to_dict()
frame = ranking.to_frame()
units: dict[str, Fraction] = denominators("spbe-2020")
columns = {code: [3] for code in instrument.indicator_by_code}


def scored_by_row(rows: object) -> Any:  # noqa: ANN401
    """Return a row an institution, of a frame with a row an indicator."""
    return score_frame(
        rows, None, institution=["nama", "tahap"], code="kode", level="nilai", year="tahun"
    )


def scored(levels: object) -> Any:  # noqa: ANN401
    """Return a frame with its scores."""
    return score_frame(levels, "spbe-2020", year=2023, prefix="spbe_")
