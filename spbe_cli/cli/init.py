"""`spbe init`: a form to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from spbe_cli.cli.command import RefusedError, Run, command, new_app
from spbe_cli.cli.options import (
    ForceOption,
    InstrumentOption,
    YearOption,
    missing_extra,
    misuse,
    named_instrument,
)
from spbe_cli.cli.streams import ExitCode
from spbe_cli.core.instrument import Instrument, Status
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.formats.blocks import typed
from spbe_cli.formats.endings import ChecklistFormat, FormFormat
from spbe_cli.formats.forms import SCHEMA_NAME, Form
from spbe_cli.read.instruments import (
    DEFAULT,
    data_file,
    instrument_of,
    instrument_of_year,
    provisional_notice,
    shipped_instrument,
)
from spbe_cli.read.text import is_there
from spbe_cli.words import Words

_SCHEMA = "schemas/assessment.schema.json"

app = new_app()


@command(app)
def init(
    run: Run,
    *,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The form to write: .yaml, .csv, .xlsx or .html.")
    ],
    institution: Annotated[
        str, typer.Option("--institution", metavar="NAME", help="The institution that is assessed.")
    ] = "",
    checklist: Annotated[
        bool,
        typer.Option("--checklist", help="List every piece of evidence, to be marked as accepted."),
    ] = False,
    force: ForceOption = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
) -> ExitCode:
    """Write a form with every indicator, to be filled in and scored.

    \b
    Examples:
      spbe init nilai.yaml --year 2024
      spbe init nilai.xlsx --institution "Pemerintah Kota Contoh" --year 2025
      spbe init nilai.csv --instrument spbe-2018
      spbe init kalkulator.html --year 2026
      spbe init --checklist daftar-periksa.xlsx --year 2026

    \b
    The Excel form has drop-downs, the criteria of every level and a live index; it needs
    a library that pip install "spbe-cli[xlsx]" installs. The page (.html) is filled in, scored
    and saved in any browser, without a network.
    """
    found, problems = _instrument(instrument, year)
    run.note(problems)
    format_ = _format(run, file, ChecklistFormat if checklist else FormFormat)
    schema = data_file(_SCHEMA).read_bytes()
    beside = (
        Path(file).with_name(SCHEMA_NAME)
        if format_ is not None and format_.how.has_schema
        else None
    )
    if format_ is not None and not force:
        run.note(_in_the_way(Path(file), beside, schema))
    run.refuse_errors()
    if found is None or format_ is None:
        raise RefusedError
    if found.status is Status.PROVISIONAL:
        run.note([provisional_notice(found, Place(file))])
    criteria = run.criteria([found])[found.id]
    if checklist and not criteria:
        run.refuse(misuse("instrument-without-evidence", "--checklist", instrument=found.id))
    run.show()
    form = Form(
        Path(file).name, found, _name_in_file(found, file, year), institution, year, criteria
    )
    run.write(format_.writer()(form, run.words), file)
    if beside is not None:
        run.write(schema, str(beside))
    run.console.tell(_said(run.words, file, form, checklist=checklist, is_page=format_.how.is_page))
    return ExitCode.DONE


def _format(
    run: Run, file: str, formats: type[FormFormat | ChecklistFormat]
) -> FormFormat | ChecklistFormat | None:
    """Return the format by the file's ending, None where it is none or lacks its library."""
    format_ = formats.of(file)
    if format_ is None:
        run.note([misuse("output-ending", file, known=formats.every_ending())])
    else:
        run.note(missing_extra(format_, file))
    return format_


def _instrument(name: str | None, year: int | None) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument that is named, or that of the year."""
    if name is not None:
        instrument, problems = named_instrument(name)
        if instrument is not None and year and not instrument.is_used_in(year):
            values = {"instrument": instrument.id, "year": str(year)}
            notice = Problem("instrument-other-year", Place("--year"), values, Severity.NOTICE)
            problems.append(notice)
        return instrument, problems
    if year is None:
        return None, [misuse("form-without-year", "--year")]
    instrument, problems = instrument_of(None, year, Place("--year"))
    return instrument, [each._replace(severity=Severity.USAGE) for each in problems]


def _name_in_file(instrument: Instrument, file: str, year: int | None) -> str | None:
    """Return what names the instrument in the form, None where the year tells it."""
    if instrument.path is not None:
        import os

        return os.path.relpath(instrument.path, Path(file).parent)
    told = shipped_instrument(DEFAULT) if year is None else instrument_of_year(year)
    return None if told == instrument else instrument.id


def _in_the_way(file: Path, beside: Path | None, schema: bytes) -> list[Problem]:
    """Return what would be overwritten; a schema that is the same is none."""
    there = [file] if is_there(file) else []
    if beside is not None and beside.is_file() and beside.read_bytes() != schema:
        there.append(beside)
    if not there:
        return []
    values = {"count": str(len(there))}
    return [Problem("output-exists", Place(str(there[0])), values, Severity.UNREADABLE)]


def _said(words: Words, file: str, form: Form, *, checklist: bool, is_page: bool) -> str:
    """Return what a form holds, and what to do with it."""
    found = form.instrument
    about = {"file": typed(file), "id": found.id, "status": words(found.status)}
    if checklist:
        evidence = (each.evidence.values() for each in form.criteria.values())
        return words(
            "{file} has {count} pieces of evidence of {id} ({status}) to mark; then: spbe score "
            "{file}, spbe check {file}",
            count=str(sum(len(pieces) for levels in evidence for pieces in levels)),
            **about,
        )
    about["count"] = str(len(found.indicators))
    if is_page:
        return words(
            "{file} has {count} {count:indicator|indicators} of {id} ({status}) to fill in: open "
            "it in a browser and save; then: spbe score FILE",
            **about,
        )
    return words(
        "{file} has {count} {count:indicator|indicators} of {id} ({status}) to fill in; "
        "then: spbe score {file}",
        **about,
    )
