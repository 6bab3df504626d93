# ruff: noqa: INP001  (a script, not a package)
"""Write examples/nasional.ipynb: its cells, executed, with what they show.

A cell is executed as Jupyter does it: its last expression is shown, as text and as a page. No
kernel and no clock takes part, so that the same code gives the same bytes.
"""

import ast
import json
import os
from contextlib import chdir
from pathlib import Path
from typing import Any

__all__ = ["CELLS", "executed", "notebook"]

EXAMPLES = Path(__file__).parent.parent / "examples"
CELLS = [
    """\
# The 621 institutions of 2023

Read, rank, profile, audit, plot, compare and plan. In an empty environment, in the folder of spbe:
`python3 -m pip install ".[all]" notebook`, then `jupyter notebook examples/nasional.ipynb`.
Every value shows itself as the page of its command, at most a screen of it; `to_frame()` and
`to_dict()` have all.""",
    """\
from spbe_cli import audit, compare, plan, profile, rank, read_assessment, read_population, score

members = read_population("national-2023.csv")
members""",
    "## Rank",
    "ranking = rank(members)\nranking",
    """\
frame = ranking.to_frame()
provinces = frame.filter(frame["category"] == "provinsi")
provinces.select("institution", "index", "category_place").head(5)""",
    "## Profile",
    'profile(members, "baik")',
    "## Audit: can the published values be right?",
    "audit(members)",
    "## Plot: how many institutions have which index",
    '''\
class Bars:
    """A histogram of the index, drawn in a few lines of SVG."""

    def __init__(self, values):
        self.counts = [sum(int(v * 4) == step for v in values) for step in range(4, 21)]

    def __repr__(self):
        steps = enumerate(self.counts)
        return " ".join(f"{(4 + at) / 4:.2f}:{count}" for at, count in steps)

    def _repr_svg_(self):
        most = max(self.counts)
        bars = "".join(
            f'<rect x="{at * 24}" y="{120 - 110 * count / most:.1f}" width="22" '
            f'height="{110 * count / most:.1f}" fill="steelblue"><title>{count}</title></rect>'
            f'<text x="{at * 24}" y="134" font-size="9">{(4 + at) / 4:.2f}</text>'
            for at, count in enumerate(self.counts)
        )
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="420" height="140">{bars}</svg>'


Bars(frame["index"].to_list())''',
    "## Compare two years of one city",
    """\
before, after = (read_assessment(f"kota-jambi-{year}.yaml") for year in (2022, 2023))
compare(score("spbe-2020", before), score("spbe-2020", after))""",
    "## Plan the cheapest way to a predicate",
    'plan("spbe-2020", read_assessment("bandar-lampung-2023.yaml"), target="baik")',
    "## Score a frame of levels",
    """\
import polars as pl

from spbe_cli.batch import score_frame

levels = pl.DataFrame({str(code): ["3", "4,0", "tiga"] for code in range(1, 48)})
score_frame(levels, "spbe-2020", year=2023).select("valid", "reason", "index", "predicate")""",
]
"""Texts that begin with # are Markdown; the others are Python."""


def notebook() -> str:
    """Return the notebook, executed."""
    cells = [_cell(number, source, outputs) for number, (source, outputs) in enumerate(executed())]
    of_python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": of_python, "language_info": {"name": "python"}}
    found = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def executed() -> list[tuple[str, list[dict[str, str]]]]:
    """Return each cell with what it shows: by its type, as text and as a page or picture."""
    names: dict[str, Any] = {}
    language = os.environ.get("SPBE_LANG")
    os.environ["SPBE_LANG"] = "en"
    try:
        with chdir(EXAMPLES):
            return [(source, _shown(source, names)) for source in CELLS]
    finally:
        os.environ.pop("SPBE_LANG")
        if language is not None:
            os.environ["SPBE_LANG"] = language


def _is_markdown(source: str) -> bool:
    return source.startswith("#")


def _shown(source: str, names: dict[str, Any]) -> list[dict[str, str]]:
    if _is_markdown(source):
        return []
    *statements, last = ast.parse(source).body
    exec(compile(ast.Module(statements, []), "cell", "exec"), names)  # noqa: S102  (our own)
    if not isinstance(last, ast.Expr):
        exec(compile(ast.Module([last], []), "cell", "exec"), names)  # noqa: S102
        return []
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    shown = {"text/plain": repr(value)}
    for kind, name in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_")):
        if hasattr(value, name):
            shown[kind] = getattr(value, name)()
    return [shown]


def _cell(number: int, source: str, outputs: list[dict[str, str]]) -> dict[str, Any]:
    base = {"id": f"cell-{number}", "metadata": {}, "source": source.splitlines(keepends=True)}
    if _is_markdown(source):
        return {"cell_type": "markdown", **base}
    count = sum(not _is_markdown(each) for each in CELLS[: number + 1])
    made = [
        {
            "output_type": "execute_result",
            "execution_count": count,
            "data": {kind: text.splitlines(keepends=True) for kind, text in shown.items()},
            "metadata": {},
        }
        for shown in outputs
    ]
    return {"cell_type": "code", "execution_count": count, **base, "outputs": made}
