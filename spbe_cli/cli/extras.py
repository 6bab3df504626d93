"""Libraries that only some formats need, and whether they are installed."""

from importlib.util import find_spec
from typing import NamedTuple

from spbe_cli.core.problem import Place, Problem, Severity

__all__ = ["missing_extra"]


class _Extra(NamedTuple):
    modules: tuple[str, ...]
    purpose: str


_EXTRAS = {
    "pdf": _Extra(("typst",), "PDF"),
    "docx": _Extra(("docxtpl", "docx"), "Word"),
    "xlsx": _Extra(("xlsxwriter",), "Excel"),
    "batch": _Extra(("polars", "narwhals"), "Parquet"),
}


def missing_extra(extra: str, place: str) -> list[Problem]:
    """Return the problem that an extra is not installed, at the file that needs it; else none."""
    wanted = _EXTRAS[extra]
    if all(find_spec(module) is not None for module in wanted.modules):
        return []
    values = {"extra": extra, "purpose": wanted.purpose}
    return [Problem("extra-missing", Place(place), values, Severity.USAGE)]
