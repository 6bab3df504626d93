# ruff: noqa: INP001  (a script, not a package)
"""Write the files that follow from the code, or name those that no longer do.

    python scripts/generate.py          write them
    python scripts/generate.py --check  exit with 1 and name the stale ones

A new output is one more line in OUTPUTS: a path from the root, and the function that gives the
text. The same code gives the same bytes.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from shown import (
    commands_page,
    pages_with_console_blocks,
    picture,
    with_console_blocks,
)

from spbe_cli.answers.audit import AuditDocument
from spbe_cli.answers.batch import BatchDocument
from spbe_cli.answers.calibration import CalibrationDocument
from spbe_cli.answers.compare import CompareDocument
from spbe_cli.answers.levers import LeversDocument
from spbe_cli.answers.outlook import OutlookDocument
from spbe_cli.answers.plan import PlanDocument
from spbe_cli.answers.profile import ProfileDocument
from spbe_cli.answers.rank import RankDocument
from spbe_cli.answers.score import ScoreDocument
from spbe_cli.answers.whatif import WhatIfDocument
from spbe_cli.read.instrument_schema import CriteriaDocument, InstrumentDocument
from spbe_cli.read.requests import AgreementsDocument, CostsDocument, ScenariosDocument
from spbe_cli.read.schema import AssessmentDocument
from spbe_cli.words import Words

__all__ = ["OUTPUTS", "main", "stale"]

ROOT = Path(__file__).parent.parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INTRODUCTION = """\
# Problems

Every problem that `spbe` names has a code, and every code a section here, first in English, then
in Indonesian; `spbe explain CODE` shows the same. Words in capitals stand for what was found.
This page is written by `scripts/generate.py` from `spbe_cli/words/problems.*.yaml`.

Setiap masalah yang disebut `spbe` memiliki kode, dan setiap kode memiliki bagian di sini, lebih
dulu dalam bahasa Inggris, lalu bahasa Indonesia; `spbe explain KODE` menampilkan hal yang sama.
Kata berhuruf besar mewakili isi yang ditemukan.
"""
LABELS = {
    "en": ("What", "Why", "Remedy"),
    "id": ("Apa", "Mengapa", "Perbaikan"),
}


def problems_page() -> str:
    """Return docs/problems.md: one section for each code, in the order of the data."""
    return "\n".join((INTRODUCTION, *map(_section, Words("en").codes)))


def _section(code: str) -> str:
    example = Words("en").explanation(code).example
    parts = (
        f"## {code}",
        _explanation(code, "en"),
        "*Bahasa Indonesia*",
        _explanation(code, "id"),
        "*Example / Contoh*",
        f"```text\n{example}\n```",
    )
    return "\n\n".join(parts) + "\n"


def _explanation(code: str, language: str) -> str:
    what, why, remedy = LABELS[language]
    entry = Words(language).explanation(code)
    hints = " / ".join(filter(None, (entry.hint, entry.near)))
    return (
        f"- **{what}:** {entry.title}: `{entry.message}`\n"
        f"- **{why}:** {entry.why}\n"
        f"- **{remedy}:** {hints}"
    )


def schema(model: type[BaseModel], title: str) -> str:
    """Return the JSON Schema of a kind of file, as its pydantic model has it."""
    found = {"$schema": DIALECT, **model.model_json_schema(), "title": title}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def answer_schema(document: type[Any], title: str) -> str:
    """Return the JSON Schema of what a command answers with --format json."""
    shape = TypeAdapter(document).json_schema(mode="serialization")
    found = {"$schema": DIALECT, **shape, "title": title}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


OUTPUTS: list[tuple[str, Callable[[], str]]] = [
    *((page, partial(with_console_blocks, page)) for page in pages_with_console_blocks()),
    ("docs/commands.md", commands_page),
    ("docs/problems.md", problems_page),
    ("docs/score.svg", picture),
    ("schemas/agreements.schema.json", partial(schema, AgreementsDocument, "SPBE agreements")),
    ("schemas/assessment.schema.json", partial(schema, AssessmentDocument, "SPBE score sheet")),
    ("schemas/criteria.schema.json", partial(schema, CriteriaDocument, "SPBE level criteria")),
    ("schemas/instrument.schema.json", partial(schema, InstrumentDocument, "SPBE instrument")),
    ("schemas/costs.schema.json", partial(schema, CostsDocument, "Costs of an SPBE plan")),
    ("schemas/scenarios.schema.json", partial(schema, ScenariosDocument, "Scenarios of whatif")),
    ("schemas/spbe-audit-1.schema.json", partial(answer_schema, AuditDocument, "spbe-audit/1")),
    ("schemas/spbe-rank-1.schema.json", partial(answer_schema, RankDocument, "spbe-rank/1")),
    (
        "schemas/spbe-profile-1.schema.json",
        partial(answer_schema, ProfileDocument, "spbe-profile/1"),
    ),
    ("schemas/spbe-batch-1.schema.json", partial(answer_schema, BatchDocument, "spbe-batch/1")),
    (
        "schemas/spbe-calibration-1.schema.json",
        partial(answer_schema, CalibrationDocument, "spbe-calibration/1"),
    ),
    (
        "schemas/spbe-compare-1.schema.json",
        partial(answer_schema, CompareDocument, "spbe-compare/1"),
    ),
    ("schemas/spbe-levers-1.schema.json", partial(answer_schema, LeversDocument, "spbe-levers/1")),
    (
        "schemas/spbe-outlook-1.schema.json",
        partial(answer_schema, OutlookDocument, "spbe-outlook/1"),
    ),
    ("schemas/spbe-plan-1.schema.json", partial(answer_schema, PlanDocument, "spbe-plan/1")),
    ("schemas/spbe-score-1.schema.json", partial(answer_schema, ScoreDocument, "spbe-score/1")),
    ("schemas/spbe-whatif-1.schema.json", partial(answer_schema, WhatIfDocument, "spbe-whatif/1")),
]


def stale(root: Path = ROOT) -> list[str]:
    """Return the paths of the outputs below `root` that differ from what the code gives."""
    return [path for path, text in OUTPUTS if not _is_current(root / path, text())]


def _is_current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the outputs, or with --check name the stale ones; return the exit code."""
    parser = argparse.ArgumentParser(description="Write the files that follow from the code.")
    parser.add_argument("--check", action="store_true", help="name the stale ones, write nothing")
    if parser.parse_args(arguments).check:
        paths = stale()
        sys.stderr.writelines(f"stale, run scripts/generate.py: {path}\n" for path in paths)
        return 1 if paths else 0
    for path, text in OUTPUTS:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(text().encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
