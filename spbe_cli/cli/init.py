"""`spbe init`: a form to fill in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple, assert_never

import typer

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    InstrumentOption,
    LanguageOption,
    YearOption,
    criteria_by_instrument,
    missing_extra,
    named_instrument,
)
from spbe_cli.cli.streams import ExitCode
from spbe_cli.core.instrument import Instrument, Status
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.formats.forms import SCHEMA_NAME, Form, form_csv, form_yaml
from spbe_cli.read.instruments import (
    DEFAULT,
    data_file,
    instrument_of_year,
    shipped_ids,
    shipped_instrument,
)

_ENDINGS = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".xlsx": "xlsx"}
_SCHEMA = "schemas/assessment.schema.json"


class FormFormat(StrEnum):
    """How a form is written."""

    YAML = "yaml"
    CSV = "csv"
    XLSX = "xlsx"


class Wanted(NamedTuple):
    """The form that was asked for, as the user wrote it."""

    path: str
    institution: str = ""
    instrument: str | None = None
    year: int | None = None
    force: bool = False


def write_form(wanted: Wanted, console: Console) -> ExitCode:
    """Write the form, and beside one in YAML the schema for editors; return how that went."""
    format_ = next(
        (FormFormat(kind) for end, kind in _ENDINGS.items() if wanted.path.lower().endswith(end)),
        None,
    )
    instrument, problems = _instrument(wanted)
    if format_ is None:
        values = {"known": ", ".join(_ENDINGS)}
        problems.append(Problem("output-ending", Place(wanted.path), values, Severity.USAGE))
    problems += missing_extra("xlsx", wanted.path) if format_ is FormFormat.XLSX else []
    schema = data_file(_SCHEMA).read_bytes()
    beside = Path(wanted.path).with_name(SCHEMA_NAME) if format_ is FormFormat.YAML else None
    problems += _in_the_way(wanted, beside, schema) if format_ is not None else []
    if instrument is None or format_ is None or errors_of(problems):
        return console.refuse(problems)
    if instrument.status is Status.PROVISIONAL:
        values = {"instrument": instrument.id}
        notice = Problem("instrument-provisional", Place(wanted.path), values, Severity.NOTICE)
        problems.append(notice)
    console.report(problems)
    criteria = criteria_by_instrument([instrument], console)[instrument.id]
    name = _name_in_file(wanted, instrument)
    form = Form(instrument, name, wanted.institution, wanted.year, criteria)
    written = console.write(_content(form, format_, wanted.path, console), wanted.path)
    if not written and beside is not None:
        written = console.write(schema, str(beside))
    if not written:
        console.say(
            console.words(
                "{file} has {count} indicators to fill in; then: spbe score {file}",
                file=wanted.path,
                count=str(len(instrument.indicators)),
            )
        )
    return written


def _instrument(wanted: Wanted) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument that is named, that of the year, or the default."""
    if wanted.instrument is not None:
        instrument, problems = named_instrument(wanted.instrument)
        if instrument is not None and wanted.year and not instrument.is_used_in(wanted.year):
            values = {"instrument": instrument.id, "year": str(wanted.year)}
            notice = Problem("instrument-other-year", Place("--year"), values, Severity.NOTICE)
            problems.append(notice)
        return instrument, problems
    if wanted.year is None:
        return shipped_instrument(DEFAULT), []
    found = instrument_of_year(wanted.year)
    values = {"year": str(wanted.year), "known": ", ".join(shipped_ids())}
    problem = Problem("year-without-instrument", Place("--year"), values, Severity.USAGE)
    return found, [] if found is not None else [problem]


def _name_in_file(wanted: Wanted, instrument: Instrument) -> str | None:
    """Return what names the instrument in the form, None where the year tells it."""
    if instrument.path is not None:
        import os

        return os.path.relpath(instrument.path, Path(wanted.path).parent)
    by_year = None if wanted.year is None else instrument_of_year(wanted.year)
    told = by_year if wanted.year is not None else shipped_instrument(DEFAULT)
    return None if told == instrument else instrument.id


def _in_the_way(wanted: Wanted, beside: Path | None, schema: bytes) -> list[Problem]:
    """Return what would be overwritten; a schema that is the same is none."""
    there = [path for path in (Path(wanted.path),) if path.exists()]
    if beside is not None and beside.is_file() and beside.read_bytes() != schema:
        there.append(beside)
    if not there or wanted.force:
        return []
    values = {"count": str(len(there))}
    return [Problem("output-exists", Place(str(there[0])), values, Severity.UNREADABLE)]


def _content(form: Form, format_: FormFormat, path: str, console: Console) -> str | bytes:
    match format_:
        case FormFormat.YAML:
            return form_yaml(form, console.words, Path(path).name)
        case FormFormat.CSV:
            return form_csv(form, console.words)
        case FormFormat.XLSX:
            from spbe_cli.formats.forms import form_xlsx

            return form_xlsx(form, console.words)
        case _:
            assert_never(format_)


app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def init(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The form to write: .yaml, .csv or .xlsx.")
    ],
    institution: Annotated[
        str, typer.Option("--institution", metavar="NAME", help="The institution that is assessed.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Write a form with every indicator, to be filled in and scored.

    \b
    Examples:
      spbe init nilai.yaml --year 2024
      spbe init nilai.xlsx --institution "Pemerintah Kota Contoh" --year 2025
      spbe init nilai.csv --instrument spbe-2018

    \b
    The Excel form has drop-downs, the criteria of every level and a live index; it needs
    a library that pip install "spbe-cli[xlsx]" installs.
    """
    console: Console = context.obj
    return write_form(Wanted(file, institution, instrument, year, force=force), console)
