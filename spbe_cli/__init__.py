"""The SPBE index of Indonesian government institutions: exact, instant, explainable.

    from spbe_cli import load_instrument, read_assessment, score
    assessment = read_assessment("examples/bandar-lampung-2023.yaml")
    card = score(load_instrument(assessment.instrument), assessment)
    print(card.index, card.predicate.name)  # 4309/2000 Cukup

Numbers are `fractions.Fraction`; `exact` and `fixed` turn them into text. Names are imported when
they are first used, so that the command line starts with what it needs.
"""

TYPE_CHECKING = False  # not of typing: `python -m` would look for that in the current folder

if TYPE_CHECKING:
    from spbe_cli.api import (
        load_instrument,
        read_assessment,
        read_assessments,
        read_population,
        report,
    )
    from spbe_cli.core.assessment import Assessment, Entry, Missing, Stage, parse_change
    from spbe_cli.core.audit import Audit
    from spbe_cli.core.compare import Comparison
    from spbe_cli.core.instrument import Instrument
    from spbe_cli.core.levers import Levers
    from spbe_cli.core.number import exact, fixed
    from spbe_cli.core.observed import Calibration
    from spbe_cli.core.outlook import Agreement, Model, Outlook
    from spbe_cli.core.places import Ranking
    from spbe_cli.core.plan import Costs, Limits, Plan
    from spbe_cli.core.population import Member, Profile
    from spbe_cli.core.problem import InvalidInputError, Place, Problem
    from spbe_cli.core.score import Bounds, MissingLevelError, Scorecard, Verdict, check_gates
    from spbe_cli.core.shown import Answering
    from spbe_cli.core.whatif import WhatIf
    from spbe_cli.method import (
        apply_changes,
        audit,
        calibrate,
        compare,
        levers,
        outlook,
        plan,
        profile,
        rank,
        score,
        score_bounds,
        what_if,
    )

__version__ = "0.1.0"

_HOMES = {
    "api": ("load_instrument", "read_assessment", "read_assessments", "read_population", "report"),
    "core.assessment": ("Assessment", "Entry", "Missing", "Stage", "parse_change"),
    "core.audit": ("Audit",),
    "core.compare": ("Comparison",),
    "core.instrument": ("Instrument",),
    "core.levers": ("Levers",),
    "core.number": ("exact", "fixed"),
    "core.observed": ("Calibration",),
    "core.outlook": ("Agreement", "Model", "Outlook"),
    "core.plan": ("Costs", "Limits", "Plan"),
    "core.places": ("Ranking",),
    "core.population": ("Member", "Profile"),
    "core.problem": ("InvalidInputError", "Place", "Problem"),
    "core.score": ("Bounds", "MissingLevelError", "Scorecard", "Verdict", "check_gates"),
    "core.whatif": ("WhatIf",),
    "method": (
        *("apply_changes", "audit", "calibrate", "compare", "levers", "outlook", "plan"),
        *("profile", "rank", "score", "score_bounds", "what_if"),
    ),
}

__all__ = [
    "Agreement",
    "Assessment",
    "Audit",
    "Bounds",
    "Calibration",
    "Comparison",
    "Costs",
    "Entry",
    "Instrument",
    "InvalidInputError",
    "Levers",
    "Limits",
    "Member",
    "Missing",
    "MissingLevelError",
    "Model",
    "Outlook",
    "Place",
    "Plan",
    "Problem",
    "Profile",
    "Ranking",
    "Scorecard",
    "Stage",
    "Verdict",
    "WhatIf",
    "apply_changes",
    "audit",
    "calibrate",
    "check_gates",
    "compare",
    "exact",
    "fixed",
    "levers",
    "load_instrument",
    "outlook",
    "parse_change",
    "plan",
    "profile",
    "rank",
    "read_assessment",
    "read_assessments",
    "read_population",
    "report",
    "score",
    "score_bounds",
    "what_if",
]


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            from spbe_cli.core.shown import answer_by

            answer_by(_rooms)
            value = getattr(import_module(f"{__name__}.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def _rooms() -> "Answering":
    """Return what shows the values of the core; pages and sentences are loaded only for that."""
    from spbe_cli.shown import Rooms

    return Rooms()
