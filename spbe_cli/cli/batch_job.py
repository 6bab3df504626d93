"""What `spbe batch` does from its arguments to its exit code."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from spbe_cli.answers.batch import counted_line, instrument_line
from spbe_cli.cli.ahead import worked_ahead
from spbe_cli.cli.batch_gates import BatchGates
from spbe_cli.cli.batch_output import BatchFormat, opened_output
from spbe_cli.cli.batch_rejects import Rejects
from spbe_cli.cli.batching import BatchRun
from spbe_cli.cli.console import Console, progress_bar
from spbe_cli.cli.options import Gates, InputOptions, missing_extra, wishes_from
from spbe_cli.cli.streams import ExitCode, ended_like_an_interrupt, whole_file
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.read.assessments import files_in
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.stream_rows import TextRows, parts_of

__all__ = ["Job", "run_job"]

_STDOUT = "-"


class Job(NamedTuple):
    """The arguments of a run, as the user wrote them."""

    inputs: Sequence[str]
    output: str
    rejects: str | None = None
    skip_invalid: bool = False
    exact: bool = False
    raw: bool = False

    @property
    def format(self) -> BatchFormat | None:
        """The format of the output by its ending; CSV on standard output."""
        if self.output == _STDOUT:
            return BatchFormat.CSV
        ending = Path(self.output).suffix.lower().removeprefix(".")
        return BatchFormat(ending) if ending in list(BatchFormat) else None


class _InvalidError(Exception):
    """Something is wrong, so that nothing is to be written."""

    def __init__(self, run: BatchRun) -> None:
        self.run = run
        super().__init__(run)


def run_job(
    job: Job, options: InputOptions, gates: Gates, console: Console, *, exit_zero: bool
) -> ExitCode:
    """Score all inputs into the output, say what came of it, and return the exit code."""
    wishes, problems = wishes_from(options)
    written = [path for path in (job.output, job.rejects) if path not in (None, _STDOUT)]
    paths, found = files_in(job.inputs, [path for path in written if path])
    problems += [*gates.problems, *found, *_output_problems(job, console)]
    if errors_of(problems) or wishes is None:
        return console.refuse(problems)
    try:
        with ended_like_an_interrupt():
            run = _score_all(job, paths, wishes, BatchGates(gates.gates), console)
    except _InvalidError as error:
        return console.refuse([*problems, *error.run.problems.values()], more=error.run.more)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = {"reason": error.strerror or str(error)}
        place = Place(error.filename or job.output)
        return console.refuse([Problem("output-unwritable", place, reason, Severity.UNREADABLE)])
    return _said(run, console, exit_zero=exit_zero)


def _said(run: BatchRun, console: Console, *, exit_zero: bool) -> ExitCode:
    """Say what came of a run that wrote its rows, and return the exit code."""
    console.report(run.problems.values(), more=run.more)
    console.say(counted_line(run.tally.scored, run.tally.rejected, console.words))
    for each in run.tally.by_instrument():
        console.say(instrument_line(each.instrument, each.mean, each.predicates, console.words))
    if not run.tally.scored:
        return ExitCode.INVALID
    code = console.gates(run.gates.outcomes, exit_zero=exit_zero)
    if run.gates.unmet:
        met, unmet = str(run.tally.scored - run.gates.unmet), str(run.gates.unmet)
        said = console.words("Gates: {met} rows meet them, {unmet} do not", met=met, unmet=unmet)
        console.say(said)
    return code


def _score_all(
    job: Job, paths: Sequence[str], wishes: Wishes, gates: BatchGates, console: Console
) -> BatchRun:
    with ExitStack() as files:
        rejects = None
        if job.rejects is not None:
            stream = files.enter_context(whole_file(Path(job.rejects)))
            rejects = Rejects(stream, console.words)
        path = None if job.output == _STDOUT else Path(job.output)
        format_ = job.format or BatchFormat.CSV
        output = files.enter_context(
            opened_output(path, format_, with_exact=job.exact, raw=job.raw)
        )
        run = BatchRun(output, gates, rejects)
        _take_all(run, paths, wishes, console)
        if rejects is not None:
            rejects.finish()
        is_invalid = errors_of(run.problems.values()) and not job.skip_invalid
        nothing = not run.tally.scored and rejects is None
        if run.refused or is_invalid or nothing:
            if not errors_of(run.problems.values()):
                run.reject([Problem("batch-nothing-scored")], rows=0)
            raise _InvalidError(run)
    return run


def _take_all(run: BatchRun, paths: Sequence[str], wishes: Wishes, console: Console) -> None:
    sizes = {path: _size(path) for path in paths}
    colour = console.has_colour(on_stderr=True)
    with progress_bar(sum(sizes.values()), colour=colour) as advance:
        for path in paths:
            left = sizes[path]
            if run.take_whole(path, wishes):
                advance(left)
                continue
            for part, found in worked_ahead(run.looked_at, parts_of(path, wishes)):
                run.take(part, found)
                done = min(left, len(part.block.content)) if isinstance(part, TextRows) else left
                advance(done)
                left -= done
            advance(left)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):  # it will be named when it is read
        return 0


def _output_problems(job: Job, console: Console) -> Iterator[Problem]:
    """Yield what is wrong with the files to be written."""
    if job.format is None:
        known = ", ".join(f".{ending}" for ending in BatchFormat)
        yield Problem("output-ending", Place(job.output), {"known": known}, Severity.USAGE)
    for path in (job.output, job.rejects):
        if path is not None and path != _STDOUT and console.reads(path):
            yield Problem("output-is-input", Place(path), {}, Severity.USAGE)
    if job.format is BatchFormat.PARQUET:
        yield from missing_extra("batch", job.output)
