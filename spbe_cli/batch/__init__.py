"""The same formula over tables of institutions, in integers.

    from spbe_cli.batch import score_frame
    scored = score_frame(frame, load_instrument("spbe-2020"), year=2023)

`frame` is any frame that narwhals knows: polars, pandas, pyarrow, DuckDB, PySpark. Needs the extra
`batch`; `denominators` needs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spbe_cli.batch.frame import denominators, score_frame

__all__ = ["denominators", "score_frame"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name in __all__:
        from importlib import import_module

        from spbe_cli.batch import frame

        _ = import_module("spbe_cli").InvalidInputError  # with it errors have their sentences

        return getattr(frame, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
