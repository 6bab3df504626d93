"""`spbe batch`: the scores of tables of any size, and of whole folders of score sheets."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NamedTuple

import typer

from spbe_cli.answers.batch import counted_line, gates_line, instrument_line
from spbe_cli.batch.output import FullSheetError, Rejects, finished
from spbe_cli.batch.tally import BatchGates
from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.console import Console, progress_bar
from spbe_cli.cli.files import ended_like_an_interrupt, kept_files, whole_file
from spbe_cli.cli.options import (
    ExitZeroOption,
    Gates,
    InputOptions,
    MinIndexOption,
    MinPredicateOption,
    ReplaceOption,
    gates_from,
    missing_extra,
    misuse,
    wishes_from,
)
from spbe_cli.cli.streams import ExitCode, copy_to_stdout
from spbe_cli.core.problem import Problem
from spbe_cli.formats.endings import BatchFormat
from spbe_cli.read.assessments import files_in
from spbe_cli.read.choice import Wishes
from spbe_cli.read.fork import apart
from spbe_cli.read.text import unwritable
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.batch.run import BatchRun
    from spbe_cli.read.stream_rows import Part

_STDOUT = "-"

app = new_app()


@command(app)
def batch(
    run: Run,
    *,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Tables (CSV, TSV, XLSX, Parquet), score sheets, or folders of them; "
            "- is standard input.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The file to write, by its ending .csv, .jsonl, .xlsx or .parquet; "
            "- is standard output, as CSV.",
        ),
    ],
    rejects: Annotated[
        str | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Write what is wrong with bad rows to this CSV file, and score the others.",
        ),
    ] = None,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Score the good rows even if others are bad.")
    ] = False,
    min_index: MinIndexOption = None,
    min_predicate: MinPredicateOption = None,
    exit_zero: ExitZeroOption = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Write every value exactly, not rounded.")
    ] = False,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="Write names as they are, even what a spreadsheet would run."),
    ] = False,
    force: ReplaceOption = False,
    how: InputOptions,
) -> ExitCode:
    """Score every institution in tables of any size or in folders of score sheets.

    \b
    Examples:
      spbe batch nilai-2023.csv -o hasil.csv
      spbe batch lembar/ -o hasil.parquet --min-predicate baik
      spbe batch provinsi-*.xlsx -o hasil.csv --rejects ditolak.csv
      cat nilai.csv | spbe batch - -o -

    \b
    Without --rejects or --skip-invalid a bad row ends the run with exit code 3,
    and nothing is written.
    """
    job = _Job(inputs, output, rejects, skip_invalid, exact, raw, force)
    wishes, problems = wishes_from(how)
    gates = gates_from(min_index, min_predicate, None)
    written = [path for path in (output, rejects) if path not in (None, _STDOUT)]
    paths, found = files_in(inputs, [path for path in written if path])
    run.refuse_if([*problems, *gates.problems, *found, *_output_problems(job, run.console)])
    try:
        watch = _ReadSoFar(run.words) if run.verbose else None
        with ended_like_an_interrupt(), apart() if len(paths) > 1 else nullcontext():
            scored = _scored(job, paths, run.found((wishes, ())), gates, run.console, watch)
    except _ReadError as error:
        run.refuse(misuse("output-is-input", error.path))
    except _InvalidError as error:
        return run.console.refuse(list(error.run.problems), more=error.run.problems.more)
    except FullSheetError:
        run.refuse(misuse("sheet-full", output))
    except OSError as error:
        run.refuse(unwritable(error.filename or output, error))
    return _said(scored, run.console, exit_zero=exit_zero)


class _Job(NamedTuple):
    """What is to be scored into what."""

    inputs: Sequence[str]
    output: str
    rejects: str | None
    skip_invalid: bool
    exact: bool
    raw: bool
    force: bool

    @property
    def format(self) -> BatchFormat | None:
        """The format of the output by its ending; CSV on standard output."""
        if self.output == _STDOUT:
            return BatchFormat.CSV
        return BatchFormat.of(self.output)


class _ReadSoFar:
    """What was read of each file: of a table its columns, of other sheets whose they are."""

    def __init__(self, words: Words) -> None:
        self.lines: list[str] = []
        self._words = words
        self._tables: set[str] = set()
        self._readers: dict[int, object] = {}  # kept, so that no other has the same number

    def __call__(self, part: "Part") -> None:
        """Take a part; of a table that comes in several the first tells all."""
        from spbe_cli.answers.check import file_lines, table_lines
        from spbe_cli.read.assessments import FileReadings
        from spbe_cli.read.stream_rows import TextRows

        if isinstance(part, FileReadings):
            sources = (each.assessment.source for each in part.readings)
            paths = {each.path for each in sources if each is not None and each.read is not None}
            if paths <= self._tables and paths:
                return
            self._tables |= paths
            found = list(file_lines(part.readings, self._words))
        elif id(part.reader) in self._readers:
            return
        else:
            self._readers[id(part.reader)] = part.reader
            table = part.parsed().table if isinstance(part, TextRows) else part.table
            path = table.grid.place_of(table.header.last_row, 0).source
            found = list(table_lines(path, table.read, self._words))
        self.lines += (line.text for line in found)


class _ReadError(Exception):
    """A file that is to be written was read."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


class _InvalidError(Exception):
    """Something is wrong, so that nothing is to be written."""

    def __init__(self, run: "BatchRun") -> None:
        self.run = run
        super().__init__(run)


def _output_problems(job: _Job, console: Console) -> Iterator[Problem]:
    """Yield what is wrong with the files to be written."""
    if job.format is None:
        yield misuse("output-ending", job.output, known=BatchFormat.every_ending())
    if job.rejects and BatchFormat.CSV.for_file(job.rejects, is_asked=True) is None:
        yield misuse("output-ending", job.rejects, known=", ".join(BatchFormat.CSV.endings))
    written = [path for path in (job.output, job.rejects) if path not in (None, _STDOUT)]
    for path in filter(None, written):
        if console.reads(path):
            yield misuse("output-is-input", path)
        elif not job.force:
            yield from kept_files([path])
    if job.rejects is not None and _is_one_file(job.output, job.rejects):
        yield misuse("output-twice", "--rejects", found=job.rejects)
    if job.format is not None:
        yield from missing_extra(job.format, job.output)


def _is_one_file(output: str, other: str) -> bool:
    return os.path.realpath(output) == os.path.realpath(other)


def _scored(
    job: _Job,
    paths: Sequence[str],
    wishes: Wishes,
    gates: Gates,
    console: Console,
    watch: "_ReadSoFar | None",
) -> "BatchRun":
    """Return the run that wrote the scores of all files; nothing is written if it raises."""
    from spbe_cli.batch.run import BatchRun, size_of

    with ExitStack() as files:
        if watch is not None:
            files.callback(lambda: console.say("\n".join(watch.lines)) if watch.lines else None)
        rejects = None
        if job.rejects is not None:
            rejected = files.enter_context(whole_file(Path(job.rejects)))
            rejects = Rejects(rejected, console.words)
        stream = files.enter_context(_target(job.output))
        form = job.format or BatchFormat.CSV
        output = files.enter_context(finished(stream, form, with_exact=job.exact, raw=job.raw))
        run = BatchRun(output, BatchGates(gates.gates), rejects, watch)
        colour = console.has_colour(on_stderr=True)
        size = sum(map(size_of, paths))
        with progress_bar(size, colour=colour, quiet=console.quiet) as advance:
            run.score(paths, wishes, advance)
        if rejects is not None:
            rejects.finish()
        for path in filter(None, (job.output, job.rejects)):
            if path != _STDOUT and console.has_read(path):  # by a sheet's own wish
                raise _ReadError(path)
        if run.is_void(skip_invalid=job.skip_invalid):
            raise _InvalidError(run)
    return run


@contextmanager
def _target(output: str) -> Iterator[BinaryIO]:
    """Give the file to write, or one that goes to standard output whole at the end."""
    if output != _STDOUT:
        with whole_file(Path(output)) as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as stream:
        yield stream
        stream.seek(0)
        copy_to_stdout(stream)


def _said(run: "BatchRun", console: Console, *, exit_zero: bool) -> ExitCode:
    """Say what came of a run that wrote its rows, and return the exit code."""
    words, tally = console.words, run.tally
    console.report(run.problems, more=run.problems.more)
    console.tell(counted_line(tally.scored, tally.rejected, words))
    for each in tally.by_instrument():
        console.tell(instrument_line(each.instrument, each.mean, each.predicates, words))
    if not tally.scored:
        return ExitCode.INVALID
    code = console.gates(run.gates.outcomes, exit_zero=exit_zero)
    if run.gates.unmet:
        console.say(gates_line(tally.scored - run.gates.unmet, run.gates.unmet, words))
    return code
