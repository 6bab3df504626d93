"""`spbe report`: what an institution hands in."""

import gc
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spbe_cli.cli.command import RefusedError, Run, command, new_app
from spbe_cli.cli.console import progress_bar
from spbe_cli.cli.copies import shared_out
from spbe_cli.cli.files import whole_folder
from spbe_cli.cli.options import (
    ForceOption,
    InputOptions,
    OnlyYearOption,
    Sheets,
    Tables,
    missing_extra,
    misuse,
    read_peers,
    read_readings,
)
from spbe_cli.cli.plan import Request, planned
from spbe_cli.cli.streams import ExitCode, in_utf_8
from spbe_cli.core.compare import matched, said_of, series_of
from spbe_cli.core.instrument import Criteria
from spbe_cli.core.population import PeerTable
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.report import NO_FORMALITIES, Formalities, date_of, report_on, signatory_of
from spbe_cli.core.score import Reading, score
from spbe_cli.formats.endings import ReportFormat, WriteReport

if TYPE_CHECKING:
    from spbe_cli.formats.blocks import Document
    from spbe_cli.formats.html import Entry

_STDOUT = "-"
_LONGEST_NAME = 80
_INDEX = "index.html"
_COLLECTED = 10
"""After how many reports that are no text garbage is looked for, which a run seldom does by itself:
Word's trees hold 10 MB each, and each other."""

_NAMELESS = "instansi"
_DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""What Windows takes for a device, whatever the ending."""

app = new_app()


class Asked(NamedTuple):
    """The options of a report, as the user wrote them."""

    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the report to this file: .html, .pdf, .docx, .xlsx or .md.",
        ),
    ] = None
    output_dir: Annotated[
        str | None,
        typer.Option(
            "--output-dir",
            metavar="FOLDER",
            help="Write a report for every institution, and an index page, into this folder.",
        ),
    ] = None
    format_: Annotated[
        ReportFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="How the report is written; by default as the file's ending says, html in a "
            "folder, md on the standard output.",
        ),
    ] = None
    previous: Annotated[
        list[str] | None,
        typer.Option(
            "--previous", metavar="FILE", help="An earlier score sheet: show what changed."
        ),
    ] = None
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="PREDICATE|INDEX", help="Show the cheapest plan that reaches this."
        ),
    ] = None
    peers: Annotated[
        list[str] | None,
        typer.Option(
            "--peers",
            metavar="FILE",
            help="A table of institutions: show the place among them, and their averages.",
        ),
    ] = None
    only_year: OnlyYearOption = None
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="DOCX", help="A letterhead for .docx: the report goes into it."
        ),
    ] = None
    number: Annotated[
        str | None,
        typer.Option(
            "--number", metavar="TEXT", help="The number of the report, on its first page."
        ),
    ] = None
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="The day on which it is signed: 2026-11-27 or 27-11-2026.",
        ),
    ] = None
    place: Annotated[
        str | None, typer.Option("--place", metavar="TEXT", help="The place where it is signed.")
    ] = None
    signatory: Annotated[
        list[str] | None,
        typer.Option(
            "--signatory",
            metavar="NAME|POSITION|NIP",
            help="Who signs; may be given several times. Position and NIP may be left out.",
        ),
    ] = None
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="Add the criteria, evidence and notes of every indicator.",
        ),
    ] = False
    force: ForceOption = False


@command(app)
def report(run: Run, *, asked: Asked, sheets: Sheets) -> ExitCode:
    """Write the report on an assessment: as a page, PDF, Word or Excel file, or Markdown.

    \b
    Examples:
      spbe report nilai.yaml -o laporan.html
      spbe report nilai.yaml -o laporan.pdf --previous nilai-2022.yaml --target memuaskan
      spbe report nilai.yaml -o laporan.docx --template kop-surat.docx
      spbe report nilai.yaml -o laporan.pdf --number 045/12 --date 2026-11-27 --place Jambi \\
        --signatory "Nama Pejabat|Kepala Dinas|197001011995031001"
      spbe report nilai-semua.csv --output-dir laporan/ --peers examples/national-2023.csv

    \b
    The page and the files need no network. PDF, Word and Excel each need a library that
    pip install "spbe-cli[pdf,docx,xlsx]" installs.
    """
    format_ = _format(run, asked)
    formalities = _formalities(run, asked)
    source = _source(run, asked, sheets)
    run.refuse_errors()
    if format_ is None:
        raise RefusedError
    names = list(_file_names(source.readings, format_))
    if asked.output_dir is None and len(names) > 1:
        run.note([misuse("report-several", "--output", count=str(len(names)))])
    run.note(_in_the_way(run, asked, names))
    run.note(_on_a_terminal(asked, format_))
    letterhead = _letterhead(run, asked.template)
    source = source._replace(letterhead=letterhead, formalities=formalities)
    run.refuse_errors()
    run.show()
    render: WriteReport = format_.writer()
    if asked.output_dir is not None:
        readings = dict(zip(names, source.readings, strict=True))
        _write_folder(run, source, render, readings, alone=format_.how.is_threaded)
    else:
        content, _ = _rendered(run, source, render, source.readings[0])
        run.write(_bytes(content), asked.output)
    return ExitCode.DONE


class _Source(NamedTuple):
    """Everything that the reports of one run are made from; `earlier` by a reading's id()."""

    asked: Asked
    readings: Sequence[Reading]
    earlier: Mapping[int, Reading]
    peers: PeerTable | None
    criteria: Mapping[str, Mapping[str, Criteria]]
    letterhead: bytes | None = None
    formalities: Formalities = NO_FORMALITIES


def _formalities(run: Run, asked: Asked) -> Formalities:
    """Return what the office adds to its report; what of it is wrong is kept."""
    day = None if asked.date is None else date_of(asked.date)
    if asked.date is not None and day is None:
        run.note([misuse("date-wrong", "--date", found=asked.date)])
    signatories = []
    for text in asked.signatory or ():
        signatory = signatory_of(text)
        if signatory is None:
            run.note([misuse("signatory-wrong", "--signatory", found=text)])
        else:
            signatories.append(signatory)
    number, place = (asked.number or "").strip(), (asked.place or "").strip()
    return Formalities(number, day, place, tuple(signatories), asked.full)


def _source(run: Run, asked: Asked, sheets: Sheets) -> _Source:
    """Return what the reports are made from, all of it read."""
    readings = run.readings(sheets)
    earlier = _earlier(run, asked.previous, sheets.how.instrument, readings)
    peers = None
    if asked.peers:
        tables = Tables(asked.peers, sheets.how.instrument, only_year=asked.only_year)
        peers, problems = read_peers(tables, (reading.instrument for reading in readings))
        run.note(problems)
    run.note_readings(readings)
    sound = not errors_of(run.problems)
    criteria = run.criteria(each.instrument for each in readings) if sound else {}
    return _Source(asked, readings, earlier, peers, criteria)


def _earlier(
    run: Run, paths: list[str] | None, instrument: str | None, readings: Sequence[Reading]
) -> dict[int, Reading]:
    """Return the earlier assessment of each reading that has one."""
    if not paths:
        return {}
    earlier, problems = read_readings(paths, InputOptions(instrument))
    run.note(problems)
    if errors_of(problems) or not earlier or not readings:
        return {}
    groups, unmatched = matched([earlier, readings])
    run.note(unmatched)
    for before, now in groups:
        run.note(said_of((before, now)) if _is_earlier(before, now) else [_later(before, now)])
    return {id(now): before for before, now in groups}


def _is_earlier(before: Reading, now: Reading) -> bool:
    one, other = before.assessment.year, now.assessment.year
    return one is None or other is None or one <= other


def _later(before: Reading, now: Reading) -> Problem:
    source = before.assessment.source
    values = {"years": str(before.assessment.year), "year": str(now.assessment.year)}
    return Problem("previous-later", Place(source.path if source else ""), values)


def _format(run: Run, asked: Asked) -> ReportFormat | None:
    """Return the format that the options ask for, None where they contradict each other."""
    if asked.output is not None and asked.output_dir is not None:
        run.note([misuse("report-two-places", "--output-dir")])
        return None
    by_ending = None
    if asked.output is not None and asked.output != _STDOUT:
        by_ending = ReportFormat.of(asked.output)
        if by_ending is None or asked.format_ not in (None, by_ending):
            known = f".{asked.format_}" if asked.format_ else ReportFormat.every_ending()
            run.note([misuse("output-ending", asked.output, known=known)])
            return None
    default = ReportFormat.MD if asked.output_dir is None else ReportFormat.HTML
    format_ = asked.format_ or by_ending or default
    if asked.template is not None and not format_.how.has_letterhead:
        run.note([misuse("template-without-docx", "--template")])
    run.note(missing_extra(format_, asked.output or asked.output_dir or "--format"))
    return format_


def _letterhead(run: Run, path: str | None) -> bytes | None:
    """Return a letterhead that can be filled in; why it cannot is kept."""
    if path is None:
        return None
    from spbe_cli.formats.letterhead import UnfitTemplateError
    from spbe_cli.formats.mark import check_template
    from spbe_cli.read.text import load

    file = load(path, regular=True)
    if isinstance(file, Problem):
        run.note([file])
        return None
    try:
        check_template(file.content)
    except UnfitTemplateError as error:
        run.note([_unfit(path, error)])
    return file.content


def _unfit(path: str, error: Exception) -> Problem:
    """Return the problem of a letterhead that cannot be filled in."""
    from spbe_cli.core.problem import nearest
    from spbe_cli.formats.letterhead import FIELDS, IN_INDONESIAN, UnknownFieldError
    from spbe_cli.formats.mark import MisplacedReportError

    if isinstance(error, UnknownFieldError):
        own = IN_INDONESIAN.get(error.field.casefold())
        near = {"nearest": own} if own is not None else nearest(error.field, FIELDS)
        known = {"known": ", ".join(FIELDS), **near}
        values = {"field": error.field, "where": error.where, "found": error.text, **known}
        return Problem("field-unknown", Place(path), values)
    if isinstance(error, MisplacedReportError):
        values = {"where": error.where, "found": error.text}
        return Problem("report-misplaced", Place(path), values)
    said = str(error)
    quoted = said.split("'")  # the library's own sentence, of which the last name is the user's
    reason = quoted[-2] if len(quoted) > 2 and "{" not in said else said  # noqa: PLR2004
    values = {"reason": reason, "known": ", ".join(FIELDS)}
    return Problem("template-wrong", Place(path), values)


def _in_the_way(run: Run, asked: Asked, names: Sequence[str]) -> Iterator[Problem]:
    """Yield what is there already and would be overwritten; an input is not, even with --force."""
    if asked.output_dir is not None:
        paths = [Path(asked.output_dir) / name for name in (*names, _INDEX)]
    elif asked.output not in (None, _STDOUT):
        paths = [Path(asked.output or "")]
    else:
        return
    there = [path for path in paths if path.is_file()]
    for path in there:
        if run.console.reads(str(path)):
            yield misuse("output-is-input", str(path))
    if there and not asked.force:
        values = {"count": str(len(there))}
        yield Problem("output-exists", Place(str(there[0])), values, Severity.UNREADABLE)


def _on_a_terminal(asked: Asked, format_: ReportFormat) -> Iterator[Problem]:
    """Yield that bytes are no text for a terminal."""
    to_stdout = asked.output_dir is None and asked.output in (None, _STDOUT)
    if to_stdout and not format_.how.is_text and sys.stdout.isatty():
        yield misuse("output-binary", "--format", format=format_)


def _file_names(readings: Sequence[Reading], format_: ReportFormat) -> Iterator[str]:
    """Yield a file's name for each reading, of institution and year, no two alike."""
    taken: set[str] = {_INDEX}
    numbers: dict[str, int] = {}
    for reading in readings:
        assessment = reading.assessment
        words = [assessment.institution or "", str(assessment.year or "")]
        plain = re.sub("[^a-z0-9]+", "-", " ".join(words).casefold()).strip("-")
        stem = plain[:_LONGEST_NAME].strip("-") or _NAMELESS
        if _DEVICE.fullmatch(stem):
            stem = f"{_NAMELESS}-{stem}"
        name = f"{stem}.{format_}"
        while name in taken:
            numbers[stem] = numbers.get(stem, 1) + 1
            name = f"{stem}-{numbers[stem]}.{format_}"
        taken.add(name)
        yield name


def _write_folder(
    run: Run,
    source: _Source,
    render: WriteReport,
    readings: Mapping[str, Reading],
    *,
    alone: bool,
) -> None:
    """Write a report an institution and the page that leads to them; nothing if one fails."""
    from spbe_cli.formats.html import index_html

    folder = Path(source.asked.output_dir or "")
    entries: list[Entry] = []
    colour = run.console.has_colour(on_stderr=True)
    named, numbers = list(readings.items()), count(1)
    gc.freeze()  # what was read is no garbage, and need not be looked through each time
    try:
        with whole_folder(folder) as inside:

            def write(place: int) -> "Entry":
                name, reading = named[place]
                content, document = _rendered(run, source, render, reading)
                (inside / name).write_bytes(_bytes(content))
                if next(numbers) % _COLLECTED == 0 and isinstance(content, bytes):
                    gc.collect()
                return _entry(name, document)

            with (
                shared_out(write, len(named), alone=alone) as written,
                progress_bar(len(named), colour=colour, quiet=run.console.quiet) as advance,
            ):
                for entry in written:
                    entries.append(entry)
                    advance(1)
            (inside / _INDEX).write_bytes(_bytes(index_html(entries, run.words)))
    except OSError as error:
        from spbe_cli.read.text import unwritable

        run.refuse(unwritable(error.filename or str(folder), error))
    finally:
        gc.unfreeze()
    said = run.words(
        "{count} {count:report|reports} written to {folder}; begin with {index}",
        count=str(len(readings)),
        folder=str(folder),
        index=_INDEX,
    )
    run.console.tell(said)


def _rendered(
    run: Run, source: _Source, render: WriteReport, reading: Reading
) -> "tuple[str | bytes, Document]":
    """Return the report on one of the readings, and its parts; the run ends if there is none."""
    from spbe_cli.answers.report import document_of
    from spbe_cli.formats.blocks import Made

    plan = None
    if source.asked.target is not None:
        plan = planned(run, reading, Request(target=source.asked.target))
        run.refuse_errors()
    peers = None
    if source.peers is not None:
        peers = source.peers.peers_of(score(reading.instrument, reading.assessment))
    before = source.earlier.get(id(reading))
    report = report_on(
        reading,
        source.criteria.get(reading.instrument.id, {}),
        series=series_of([before, reading]) if before is not None else None,
        planned=plan,
        peers=peers,
        formalities=source.formalities,
    )
    document = document_of(report, run.words)
    made = Made(document, run.words, report, source.letterhead)
    if source.letterhead is None:
        return render(made), document
    from spbe_cli.formats.letterhead import UnfitTemplateError

    try:
        return render(made), document
    except UnfitTemplateError as error:
        run.refuse(_unfit(source.asked.template or "", error))


def _bytes(content: str | bytes) -> bytes:
    return in_utf_8(content) if isinstance(content, str) else content


def _entry(name: str, document: "Document") -> "Entry":
    from spbe_cli.formats.html import Entry

    head = document.headline
    return Entry(name, head.institution, head.when, head.value, head.predicate, head.tone)
