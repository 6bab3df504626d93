# ruff: noqa: INP001  (beside scripts/generate.py, which asks it)
"""The ready-made forms of forms/: what `spbe init` writes, in Indonesian, for who has no spbe."""

from collections.abc import Callable, Iterator
from functools import partial

from spbe_cli.formats.endings import FormFormat
from spbe_cli.formats.forms import Form
from spbe_cli.read.instruments import read_criteria, shipped_instrument
from spbe_cli.words import Words

YEARS = {"spbe-2020": 2025, "pemdi-2026": 2026}
"""The instruments that are filled in today, and the year that their forms begin with."""

FORMATS = (FormFormat.HTML, FormFormat.XLSX, FormFormat.CSV)


def ready_forms() -> Iterator[tuple[str, Callable[[], str | bytes]]]:
    """Yield the path of every ready-made form, and the function that gives what it holds."""
    for name in YEARS:
        for format_ in FORMATS:
            yield f"forms/{name}.{format_}", partial(ready_form, name, format_)


def ready_form(name: str, format_: FormFormat) -> str | bytes:
    """Return the form of an instrument; a newline is a newline, on Windows too."""
    instrument = shipped_instrument(name)
    criteria, _ = read_criteria(instrument)
    form = Form(f"{name}.{format_}", instrument, None, "", YEARS[name], criteria)
    made: str | bytes = format_.writer()(form, Words("id"))
    return made
