"""The same formula over tables of institutions, in integers.

    from spbe_cli.batch import score_frame
    scored = score_frame(frame, load_instrument("spbe-2020"), year=2023)

`frame` is any frame that narwhals knows: polars, pandas, pyarrow, DuckDB, PySpark. Needs the extra
`batch`; the integers themselves (`spbe_cli.batch.sums`) need nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spbe_cli.batch.frame import score_frame
    from spbe_cli.batch.sums import denominators

__all__ = ["denominators", "score_frame"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name == "score_frame":
        from spbe_cli.batch.frame import score_frame

        return score_frame
    if name == "denominators":
        from spbe_cli.batch.sums import denominators

        return denominators
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
