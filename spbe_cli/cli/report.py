"""`spbe report`: what an institution hands in."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spbe_cli.cli.console import Console, progress_bar
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Files,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    StageOption,
    YearOption,
    criteria_by_instrument,
    missing_extra,
    not_alike,
    read_members,
    read_readings,
)
from spbe_cli.cli.plan import Request, planned
from spbe_cli.cli.streams import ExitCode, ended_like_an_interrupt, whole_folder
from spbe_cli.core.compare import Series, matched, series_of
from spbe_cli.core.instrument import Criteria
from spbe_cli.core.population import PeerTable
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.report import Report, report_on
from spbe_cli.core.score import Reading, score
from spbe_cli.formats.endings import Renderer, ReportFormat, renderer_of
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.formats.blocks import Document
    from spbe_cli.formats.html import Entry


class Asked(NamedTuple):
    """The options that add to a report, as the user wrote them."""

    previous: Sequence[str] = ()
    target: str | None = None
    peers: Sequence[str] = ()


class Gathered:
    """Everything that the reports of one run are made from."""

    def __init__(self, readings: Sequence[Reading], asked: Asked) -> None:
        self.readings = readings
        self._asked = asked
        self._criteria: dict[str, dict[str, Criteria]] = {}
        self._previous: dict[int, Reading] = {}
        self._peers: PeerTable | None = None

    def add_criteria(self, console: Console) -> None:
        """Read the level criteria of the instruments in use."""
        instruments = (reading.instrument for reading in self.readings)
        self._criteria = criteria_by_instrument(instruments, console)

    def add_previous(self, options: InputOptions) -> list[Problem]:
        """Read the earlier assessments and find for each reading its own; return the problems."""
        if not self._asked.previous:
            return []
        earlier, problems = read_readings(
            self._asked.previous, InputOptions(instrument=options.instrument)
        )
        if errors_of(problems) or not earlier or not self.readings:
            return problems
        groups, unmatched = matched([earlier, self.readings])
        self._previous = {id(now): before for before, now in groups}
        return [*problems, *unmatched]

    def add_peers(self, options: InputOptions) -> list[Problem]:
        """Read the table of other institutions; return the problems."""
        paths = self._asked.peers
        if not paths:
            return []
        members, problems = read_members(paths, InputOptions(instrument=options.instrument))
        problems += not_alike(members, paths[0])
        if errors_of(problems) or not members:
            return problems
        table = PeerTable(members)
        for reading in self.readings:
            if table.instrument.groups != reading.instrument.groups:
                values = {"found": table.instrument.id, "instrument": reading.instrument.id}
                problems.append(
                    Problem("peers-other-instrument", Place(paths[0]), values, Severity.NOTICE)
                )
                return problems
        self._peers = table
        return problems

    def report(self, reading: Reading) -> tuple[Report | None, list[Problem]]:
        """Return the report on one of the readings, or why there is none."""
        plan, problems = None, list[Problem]()
        if self._asked.target is not None:
            plan, problems = planned(reading, Request(target=self._asked.target))
            if problems:
                return None, problems
        peers = None
        if self._peers is not None:
            peers = self._peers.peers_of(score(reading.instrument, reading.assessment))
        return report_on(
            reading,
            self._criteria.get(reading.instrument.id, {}),
            series=self._series(reading),
            planned=plan,
            peers=peers,
        ), []

    def _series(self, reading: Reading) -> Series | None:
        before = self._previous.get(id(reading))
        return series_of([before, reading]) if before is not None else None


def gathered(
    files: Sequence[str], options: InputOptions, asked: Asked, console: Console
) -> tuple[Gathered, list[Problem]]:
    """Return what the reports are made from, and all problems at once."""
    readings, problems = read_readings(files, options)
    found = Gathered(readings, asked)
    problems += [p for p in found.add_previous(options) if p not in problems]
    problems += [p for p in found.add_peers(options) if p not in problems]
    problems += [notice for reading in readings for notice in reading.notices]
    if not errors_of(problems):
        found.add_criteria(console)
    return found, problems


_STDOUT = "-"
_LONGEST_NAME = 80
_INDEX = "index.html"


class Destination(NamedTuple):
    """The options that say where and how reports are written, as the user wrote them."""

    output: str | None = None
    folder: str | None = None
    format: ReportFormat | None = None
    template: str | None = None
    force: bool = False


def write_reports(
    files: Sequence[str],
    options: InputOptions,
    asked: "Asked",
    destination: Destination,
    console: Console,
) -> ExitCode:
    """Write the reports on all assessments in the files, all or none; return how that went."""
    format_, problems = _format_of(destination)
    found, in_files = gathered(files, options, asked, console)
    problems += in_files
    if format_ is None or errors_of(problems):
        return console.refuse(problems)
    if destination.folder is None and len(found.readings) > 1:
        values = {"count": str(len(found.readings))}
        problems.append(Problem("report-several", Place("--output"), values, Severity.USAGE))
    names = list(_file_names(found.readings, format_))
    problems += _in_the_way(destination, names, console)
    problems += _on_a_terminal(destination, format_)
    template, wrong = _letterhead(destination.template)
    problems += wrong
    if errors_of(problems):
        return console.refuse(problems)
    render = renderer_of(format_, template)
    console.report(problems)
    if destination.folder is None:
        return _write_one(found, render, destination, console)
    return _write_folder(found, render, names, destination, console)


def _format_of(destination: Destination) -> tuple[ReportFormat | None, list[Problem]]:
    """Return the format that the options ask for, and where they contradict each other."""
    output, folder, wished = destination.output, destination.folder, destination.format
    if output is not None and folder is not None:
        return None, [Problem("report-two-places", Place("--output-dir"), {}, Severity.USAGE)]
    by_ending = None
    if output is not None and output != _STDOUT:
        ending = Path(output).suffix.lower().removeprefix(".")
        by_ending = next((each for each in ReportFormat if each == ending), None)
        if by_ending is None or wished not in (None, by_ending):
            known = f".{wished}" if wished else ", ".join(f".{each}" for each in ReportFormat)
            return None, [Problem("output-ending", Place(output), {"known": known}, Severity.USAGE)]
    default = ReportFormat.MD if folder is None else ReportFormat.HTML
    format_ = wished or by_ending or default
    problems = []
    if destination.template is not None and format_ is not ReportFormat.DOCX:
        problems.append(Problem("template-without-docx", Place("--template"), {}, Severity.USAGE))
    if format_ in (ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX):
        problems += missing_extra(format_, output or folder or "--format")
    return format_, problems


def _letterhead(path: str | None) -> tuple[bytes | None, list[Problem]]:
    """Return a letterhead that can be filled in, or why it cannot, before anything is computed."""
    if path is None:
        return None, []
    from spbe_cli.formats.docx import FIELDS, UnfitTemplateError, check_template
    from spbe_cli.read.text import load

    file = load(path)
    if isinstance(file, Problem):
        return None, [file]
    try:
        check_template(file.content)
    except UnfitTemplateError as error:
        values = {"reason": str(error), "known": ", ".join(FIELDS)}
        return None, [Problem("template-wrong", Place(path), values)]
    return file.content, []


def _in_the_way(
    destination: Destination, names: Sequence[str], console: Console
) -> Iterator[Problem]:
    """Yield what is there already and would be overwritten; an input is not, even with --force."""
    if destination.folder is not None:
        paths = [Path(destination.folder) / name for name in (*names, _INDEX)]
    elif destination.output not in (None, _STDOUT):
        paths = [Path(destination.output or "")]
    else:
        return
    there = [path for path in paths if path.is_file()]
    for path in there:
        if console.reads(str(path)):
            yield Problem("output-is-input", Place(str(path)), {}, Severity.USAGE)
    if there and not destination.force:
        values = {"count": str(len(there))}
        yield Problem("output-exists", Place(str(there[0])), values, Severity.UNREADABLE)


def _on_a_terminal(destination: Destination, format_: ReportFormat) -> Iterator[Problem]:
    """Yield that bytes are no text for a terminal."""
    to_stdout = destination.folder is None and destination.output in (None, _STDOUT)
    binary = format_ in (ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX)
    if to_stdout and binary and sys.stdout.isatty():
        values = {"format": format_}
        yield Problem("output-binary", Place("--format"), values, Severity.USAGE)


def _file_names(readings: Sequence["Reading"], format_: ReportFormat) -> Iterator[str]:
    """Yield a file's name for each reading, of institution and year, no two alike."""
    taken: set[str] = {_INDEX}
    for reading in readings:
        assessment = reading.assessment
        words = [assessment.institution or "", str(assessment.year or "")]
        plain = re.sub("[^a-z0-9]+", "-", " ".join(words).casefold()).strip("-")
        stem = plain[:_LONGEST_NAME].strip("-") or "instansi"
        name, number = f"{stem}.{format_}", 2
        while name in taken:
            name, number = f"{stem}-{number}.{format_}", number + 1
        taken.add(name)
        yield name


def _write_one(
    found: "Gathered", render: Renderer, destination: Destination, console: Console
) -> ExitCode:
    report, problems = found.report(found.readings[0])
    if report is None:
        return console.refuse(problems)
    content, _ = _rendered(report, render, console.words)
    return console.answer(content, destination.output)


def _write_folder(
    found: "Gathered",
    render: Renderer,
    names: Sequence[str],
    destination: Destination,
    console: Console,
) -> ExitCode:
    """Write a report an institution and the page that leads to them; nothing if one fails."""
    from spbe_cli.formats.html import index_html

    folder = Path(destination.folder or "")
    entries: list[Entry] = []
    colour = console.has_colour(on_stderr=True)
    try:
        with (
            ended_like_an_interrupt(),
            whole_folder(folder) as inside,
            progress_bar(len(names), colour=colour) as advance,
        ):
            for name, reading in zip(names, found.readings, strict=True):
                report = _reported(found, reading)
                content, document = _rendered(report, render, console.words)
                (inside / name).write_bytes(_bytes(content))
                entries.append(_entry(name, document))
                advance(1)
            (inside / _INDEX).write_bytes(_bytes(index_html(entries, console.words)))
    except _RefusedError as refused:
        return console.refuse(refused.problems)
    except OSError as error:
        values = {"reason": error.strerror or str(error)}
        place = Place(str(folder))
        return console.refuse([Problem("output-unwritable", place, values, Severity.UNREADABLE)])
    said = console.words(
        "{count} reports written to {folder}; begin with {index}",
        count=str(len(names)),
        folder=str(folder),
        index=_INDEX,
    )
    console.say(said)
    return ExitCode.DONE


def _reported(found: "Gathered", reading: "Reading") -> "Report":
    report, problems = found.report(reading)
    if report is None:
        raise _RefusedError(problems)
    return report


class _RefusedError(Exception):
    """A report cannot be made: nothing is written."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__()


def _rendered(report: "Report", render: Renderer, words: Words) -> "tuple[str | bytes, Document]":
    from spbe_cli.answers.report import document_of

    document = document_of(report, words)
    return render(report, document, words), document


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content


def _entry(name: str, document: "Document") -> "Entry":
    from spbe_cli.formats.html import Entry

    head = document.headline
    return Entry(name, head.institution, head.when, head.value, head.predicate, head.tone)


app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def report(
    context: typer.Context,
    files: Files,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the report to this file: .html, .pdf, .docx, .xlsx or .md.",
        ),
    ] = None,
    output_dir: Annotated[
        str | None,
        typer.Option(
            "--output-dir",
            metavar="FOLDER",
            help="Write a report for every institution, and an index page, into this folder.",
        ),
    ] = None,
    format_: Annotated[
        ReportFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="How the report is written; by default as the file's ending says, html in a "
            "folder, md on the standard output.",
        ),
    ] = None,
    previous: Annotated[
        list[str] | None,
        typer.Option(
            "--previous", metavar="FILE", help="An earlier score sheet: show what changed."
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="PREDICATE|INDEX", help="Show the cheapest plan that reaches this."
        ),
    ] = None,
    peers: Annotated[
        list[str] | None,
        typer.Option(
            "--peers",
            metavar="FILE",
            help="A table of institutions: show the place among them, and their averages.",
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="DOCX", help="A letterhead for .docx: the report goes into it."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Write the report on an assessment: as a page, PDF, Word or Excel file, or Markdown.

    \b
    Examples:
      spbe report nilai.yaml -o laporan.html
      spbe report nilai.yaml -o laporan.pdf --previous nilai-2022.yaml --target memuaskan
      spbe report nilai.yaml -o laporan.docx --template kop-surat.docx
      spbe report nilai-semua.csv --output-dir laporan/ --peers examples/national-2023.csv

    \b
    The page and the files need no network. PDF, Word and Excel each need a library that
    pip install "spbe-cli[pdf,docx,xlsx]" installs.
    """
    console: Console = context.obj
    destination = Destination(output, output_dir, format_, template, force=force)
    asked = Asked(tuple(previous or ()), target, tuple(peers or ()))
    return write_reports(files, InputOptions(instrument, year, stage), asked, destination, console)
