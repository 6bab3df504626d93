"""A batch run: part after part is read, scored and written, and only counts are kept."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby, islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from spbe_cli.answers.batch import BatchRow, notice_codes
from spbe_cli.batch.output import Output, Rejects
from spbe_cli.batch.rows import Number, RowScorer
from spbe_cli.batch.tally import MOST_KEPT, BatchGates, Least, Tally
from spbe_cli.core.assessment import Missing
from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.problem import Problem, Problems, Severity, errors_of
from spbe_cli.core.score import Reading
from spbe_cli.read.assessments import FileReadings
from spbe_cli.read.choice import Wishes
from spbe_cli.read.stream_rows import GoodRow, OddRow, Part, Rows, TextRows, parts_of, with_levels

if TYPE_CHECKING:
    from spbe_cli.batch.blocks import BlockScorer, Found, ScoredBlock, ScoredPart

_CHUNK = 2000
"""How many rows are handed to the output at a time."""

_WORKERS = 3
"""One more than the engine's threads on two cores: it works on while another waits for Python."""

_FATAL = (Severity.USAGE, Severity.UNREADABLE)

Who = tuple[str | None, str | None, str | None]


class Method(NamedTuple):
    """How readings of one instrument and year are scored."""

    instrument: Instrument
    scorer: RowScorer[Any]
    basis: Basis
    codes: tuple[str, ...]
    least: Least | None


class BatchRun:
    """Scores files one after the other into an output.

    `refused` says that something forbids any answer: wrong usage, or a file that cannot be read.
    Whoever is to `watch` sees each part as it was read.
    """

    def __init__(
        self,
        output: Output,
        gates: BatchGates,
        rejects: Rejects | None,
        watch: Callable[[Part], None] | None = None,
    ) -> None:
        self._watch = watch
        self.tally = Tally()
        self.gates = gates
        self.problems = Problems(most=MOST_KEPT)
        self.refused = False
        self._output = output
        self._rejects = rejects
        self._blocks: BlockScorer | None = None
        self._may_have_blocks = output.takes_blocks
        self._lock = Lock()
        self._methods: dict[tuple[int, int | None], Method] = {}
        self._codes: dict[int, tuple[Reading, str]] = {}

    def score(self, paths: Sequence[str], wishes: Wishes, advance: Callable[[int], object]) -> None:
        """Score and write what the files hold; `advance` is told how many bytes are done."""
        for path in paths:
            left = size_of(path)
            for part, found in self._worked_ahead(parts_of(path, wishes)):
                if self._watch is not None:
                    self._watch(part)
                self._take(part, found)
                done = min(left, len(part.block.content)) if isinstance(part, TextRows) else left
                advance(done)
                left -= done
            advance(left)

    def is_void(self, *, skip_invalid: bool) -> bool:
        """Return whether nothing is to be written; the problems then say why."""
        is_invalid = errors_of(self.problems) and not skip_invalid
        nothing = not self.tally.scored and self._rejects is None
        is_void = bool(self.refused or is_invalid or nothing)
        if is_void and not errors_of(self.problems):
            self._reject([Problem("batch-nothing-scored")], rows=0)
        return is_void

    def _worked_ahead(self, parts: Iterator[Part]) -> Iterator[tuple[Part, "Found | None"]]:
        """Yield each part with what is found in it, in order, the next being worked on already.

        At most four parts are there at once, so that memory does not grow with their number.
        """
        coming: deque[tuple[Part, Future[Found | None]]] = deque()
        with ThreadPoolExecutor(_WORKERS) as pool:
            try:
                for part in parts:
                    coming.append((part, pool.submit(self._looked_at, part)))
                    if len(coming) > _WORKERS:
                        first, future = coming.popleft()
                        yield first, future.result()
                while coming:
                    first, future = coming.popleft()
                    yield first, future.result()
            finally:
                for _, future in coming:
                    future.cancel()

    def _looked_at(self, part: Part) -> "Found | None":
        """Return what the engine finds in a block of text; None where it has nothing to say.

        Runs beside other parts: nothing is counted or written yet.
        """
        blocks = self._block_scorer() if isinstance(part, TextRows) else None
        if blocks is None or not isinstance(part, TextRows):
            return None
        found = blocks.score(part)
        if found is not None and found.scored is not None and not found.odd:
            self._output.prepare(found.scored)
        return found

    def _block_scorer(self) -> "BlockScorer | None":
        """Return what scores blocks, if the output takes them and the engine is installed."""
        with self._lock:
            if self._may_have_blocks and self._blocks is None:
                try:
                    from spbe_cli.batch.blocks import BlockScorer
                except ImportError:
                    self._may_have_blocks = False
                    self.problems.add([Problem("batch-without-engine", severity=Severity.NOTICE)])
                else:
                    self._blocks = BlockScorer(with_exact=self._output.with_exact)
        return self._blocks

    def _take(self, part: Part, found: "Found | None" = None) -> None:
        """Score a part, or take what the engine found in it, and write its rows."""
        match part:
            case FileReadings():
                self._reject(part.problems, rows=max(part.refused, bool(errors_of(part.problems))))
                self._write(map(self._of_reading, part.readings))
            case Rows():
                self._reject(part.problems, rows=0)
                self._write(self._of_rows(part))
            case TextRows():
                self._reject(part.block.notices, rows=0)
                if found is None or not self._take_found(part, found):
                    self._take(part.parsed())
            case _:
                assert_never(part)

    def _take_found(self, part: TextRows, found: "Found") -> bool:
        """Write and count what was found; return whether that was possible, nothing done if not."""
        scored, odd = found.scored, _read_again(part, found.odd)
        if odd is None:
            return False
        parts = scored.parts if scored is not None else ()
        for each in parts:
            self._codes_of(each.setting.reading)
        written = 0
        for number, row in odd:
            own = self._of_good(row) if isinstance(row, GoodRow) else self._of_odd(row)
            if own is not None:  # right after all: its place is among the others
                self._write_block(scored, written, number)
                self._write([own])
                written = number
        self._write_block(scored, written, None)
        for each in parts:
            self._count(each)
        return True

    def _write_block(self, scored: "ScoredBlock | None", first: int, last: int | None) -> None:
        rows = scored.between(first, last) if scored is not None else None
        if rows:
            self._output.block(rows)

    def _count(self, part: "ScoredPart") -> None:
        """Count a part's rows and hold them against the gates."""
        method = self._method(part.setting.reading)
        self.tally.add(method.instrument, part.units, part.predicates())
        if method.least is None:
            return
        failing = part.failing(method.least.units, method.least.predicates)
        explained = failing.head(self.gates.room)
        for reading in part.readings(explained):
            self.gates.fail(reading)
        self.gates.unmet += failing.height - explained.height

    def _reject(self, problems: Iterable[Problem], *, rows: int) -> None:
        """Count rows as rejected, and keep or write the problems that they have."""
        self.tally.rejected += rows
        for problem in problems:
            if problem.severity is Severity.NOTICE:
                self.problems.add([problem])
                continue
            self.refused = self.refused or problem.severity in _FATAL
            if self._rejects is not None and problem.severity not in _FATAL:
                self._rejects.write(problem)
            else:
                self.problems.add([problem])

    def _method(self, reading: Reading) -> Method:
        """Return how a reading is scored."""
        instrument, year = reading.instrument, reading.assessment.year
        key = (id(instrument), year)
        if key not in self._methods:
            self._reject(self.gates.misfits(reading), rows=0)
            scorer = RowScorer(instrument, self._output.show(instrument))
            codes = tuple(group.code for group, _, _ in instrument.nodes)
            least = self.gates.least(scorer.units)
            basis = instrument.basis_in(year).basis
            self.tally.begin(instrument, scorer.units.size)
            self._methods[key] = Method(instrument, scorer, basis, codes, least)
        return self._methods[key]

    def _codes_of(self, reading: Reading) -> str:
        """Return the codes of a reading's notices, which are kept to be said."""
        if id(reading) not in self._codes:
            self.problems.add(reading.notices)
            if len(self._codes) > MOST_KEPT:
                self._codes.clear()
            self._codes[id(reading)] = reading, notice_codes(reading)
        return self._codes[id(reading)][1]

    def _of_rows(self, part: Rows) -> Iterator[BatchRow[Any]]:
        header, grid = part.table.header, part.table.grid
        faulty = {problem.place.line for problem in errors_of(part.problems)}
        for row in range(header.last_row + 1, len(grid.rows)):
            if faulty and grid.place_of(row, 0).line in faulty:  # its cells may have moved
                self.tally.rejected += 1
                continue
            found = part.reader.read(part.table, row)
            if isinstance(found, GoodRow):
                yield self._of_good(found)
            elif (odd := self._of_odd(found)) is not None:
                yield odd

    def _of_odd(self, found: OddRow) -> BatchRow[Any] | None:
        """Return an odd row's score, or None where it has none and its problems are rejected."""
        self._reject(found.problems, rows=1 if errors_of(found.problems) else 0)
        return None if found.reading is None else self._of_reading(found.reading)

    def _of_good(self, good: GoodRow) -> BatchRow[Any]:
        """Return a plain row's score."""
        reading = good.setting.reading
        return self._row(good.who, reading, good.ticks, lambda: with_levels(good))

    def _of_reading(self, reading: Reading) -> BatchRow[Any]:
        count = self._method(reading).scorer.units.counted.exactly
        assessment = reading.assessment
        levels = (entry.level for entry in assessment.entries.values())
        ticks = [count(level) for level in levels if not isinstance(level, Missing)]
        who = (assessment.institution, assessment.category, assessment.province)
        return self._row(who, reading, ticks, lambda: reading)

    def _row(
        self, who: Who, reading: Reading, ticks: Sequence[Number], whole: Callable[[], Reading]
    ) -> BatchRow[Any]:
        """Return a row's score, counted and held against the gates; `whole` gives its reading."""
        method = self._method(reading)
        score = method.scorer.score(ticks)
        predicate = score.by_exact if method.basis is Basis.EXACT else score.by_rounded
        if method.least is not None and not method.least.passes(score.units, predicate):
            if self.gates.room:
                self.gates.fail(whole())
            else:
                self.gates.unmet += 1
        self.tally.add(method.instrument, score.units, {predicate: 1})
        notices = self._codes_of(reading)
        if score.by_exact != score.by_rounded:
            notices = f"{notices} bases-differ".lstrip()
        assessment = reading.assessment
        return BatchRow(
            *who,
            year=assessment.year,
            stage=assessment.stage,
            instrument=assessment.instrument,
            codes=method.codes,
            whole=score.whole,
            groups=score.groups,
            basis=method.basis,
            by_exact=score.by_exact,
            by_rounded=score.by_rounded,
            notices=notices,
        )

    def _write(self, rows: Iterable[BatchRow[Any]]) -> None:
        """Write rows as they come, those of one form together."""
        for _, same in groupby(rows, key=lambda row: row.codes):
            while chunk := list(islice(same, _CHUNK)):
                self._output.rows(chunk)


def size_of(path: str) -> int:
    """Return the size of a file in bytes; 0 for what is none, which is named when it is read."""
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def _read_again(
    part: TextRows, numbers: Sequence[int]
) -> Iterator[tuple[int, GoodRow | OddRow]] | None:
    """Return what the ordinary reader makes of some lines; None where lines are no rows."""
    if not numbers:
        return iter(())
    reader, table, _ = part.parsed()
    first = table.header.last_row + 1
    if len(table.grid.rows) != first + part.block.lines:
        return None
    return ((number, reader.read(table, first + number)) for number in numbers)
