"""A batch run: part after part is read, scored and written, and only counts are kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from spbe_cli.answers.batch import BatchRow
from spbe_cli.batch.rows import RowScorer
from spbe_cli.cli.batch_gates import BatchGates, Least
from spbe_cli.cli.batch_output import Output
from spbe_cli.cli.tally import Tally
from spbe_cli.core.assessment import Missing
from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.problem import Problem, Severity, errors_of
from spbe_cli.core.score import Reading
from spbe_cli.read.assessments import FileReadings
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.stream_rows import GoodRow, OddRow, Part, Rows, TextRows, first_rows, with_levels

if TYPE_CHECKING:
    from spbe_cli.batch.text_block import Found
    from spbe_cli.cli.batch_blocks import BlockScorer
    from spbe_cli.cli.batch_rejects import Rejects

__all__ = ["BatchRun", "Method"]

_MOST_KEPT = 200
"""How many problems are kept to be shown; the rest is counted."""

_CHUNK = 2000
"""How many rows are handed to the output at a time."""

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
    """Takes parts one after the other.

    `problems` holds the first of what is wrong, `more` counts the rest; `refused` says that
    something forbids any answer: wrong usage, or a file that cannot be read.
    """

    def __init__(self, output: Output, gates: BatchGates, rejects: "Rejects | None") -> None:
        self.tally = Tally()
        self.gates = gates
        self.problems: dict[tuple[object, ...], Problem] = {}
        self.more = 0
        self.refused = False
        self.output = output
        self._rejects = rejects
        self._blocks: BlockScorer | None = None
        self._may_have_blocks = output.takes_blocks
        self._lock = Lock()
        self._methods: dict[tuple[int, int | None], Method] = {}
        self._codes: dict[int, tuple[Reading, str]] = {}

    def take_whole(self, path: str, wishes: Wishes) -> bool:
        """Score and write a whole file at once; return whether that was possible.

        It is for a large wide table without a fault, unless gates are to look at every row.
        """
        if self.gates.are_set or not self.output.takes_whole:
            return False
        first = first_rows(path, wishes)
        blocks = self._block_scorer() if first is not None else None
        return first is not None and blocks is not None and blocks.take_whole(path, first)

    def looked_at(self, part: Part) -> "Found | None":
        """Return what the engine finds in a block of text; None where it has nothing to say.

        May run beside other parts: nothing is counted or written yet.
        """
        blocks = self._block_scorer() if isinstance(part, TextRows) else None
        return blocks.score(part) if blocks and isinstance(part, TextRows) else None

    def take(self, part: Part, found: "Found | None" = None) -> None:
        """Score a part, or take what the engine found in it, and write its rows."""
        match part:
            case FileReadings():
                self.reject(part.problems, rows=max(part.refused, bool(errors_of(part.problems))))
                self.write(map(self._of_reading, part.readings))
            case Rows():
                self.reject(part.problems, rows=0)
                self.write(self._of_rows(part))
            case TextRows():
                self.reject(part.block.notices, rows=0)
                if found is None or not self._take_found(part, found):
                    self.take(part.parsed())
            case _:
                assert_never(part)

    def reject(self, problems: Iterable[Problem], *, rows: int) -> None:
        """Count rows as rejected, and keep or write the problems that they have."""
        self.tally.rejected += rows
        for problem in problems:
            if problem.severity is Severity.NOTICE:
                self._keep(problem)
                continue
            self.refused = self.refused or problem.severity in _FATAL
            if self._rejects is not None and problem.severity not in _FATAL:
                self._rejects.write(problem)
            else:
                self._keep(problem)

    def method(self, reading: Reading) -> Method:
        """Return how a reading is scored."""
        instrument, year = reading.instrument, reading.assessment.year
        key = (id(instrument), year)
        if key not in self._methods:
            self.reject(self.gates.misfits(reading), rows=0)
            scorer = RowScorer(instrument, self.output.show(instrument))
            codes = tuple(group.code for group, _, _ in instrument.nodes)
            least = self.gates.least(scorer.sums)
            basis = instrument.basis_in(year).basis
            self.tally.begin(instrument, scorer.sums.whole.unit)
            self._methods[key] = Method(instrument, scorer, basis, codes, least)
        return self._methods[key]

    def codes_of(self, reading: Reading) -> str:
        """Return the codes of a reading's notices, which are kept to be said."""
        if id(reading) not in self._codes:
            for notice in reading.notices:
                self._keep(notice)
            codes = " ".join(dict.fromkeys(notice.code for notice in reading.notices))
            if len(self._codes) > _MOST_KEPT:
                self._codes.clear()
            self._codes[id(reading)] = reading, codes
        return self._codes[id(reading)][1]

    def _block_scorer(self) -> "BlockScorer | None":
        """Return what scores blocks, if the output takes them and the engine is installed."""
        if self._may_have_blocks and self._blocks is None:
            from spbe_cli.cli.batch_blocks import block_scorer

            with self._lock:
                self._blocks = self._blocks or block_scorer(self)
                self._may_have_blocks = self._blocks is not None
        return self._blocks

    def _take_found(self, part: TextRows, found: "Found") -> bool:
        blocks = self._block_scorer()
        return blocks is not None and blocks.take(part, found)

    def _of_rows(self, part: Rows) -> Iterator[BatchRow[Any]]:
        header, grid = part.table.header, part.table.grid
        faulty = {problem.place.line for problem in errors_of(part.problems)}
        for row in range(header.last_row + 1, len(grid.rows)):
            if faulty and grid.place_of(row, 0).line in faulty:  # its cells may have moved
                self.tally.rejected += 1
                continue
            found = part.reader.read(part.table, row)
            if isinstance(found, GoodRow):
                yield self.of_good(found)
            elif (odd := self.of_odd(found)) is not None:
                yield odd

    def of_odd(self, found: OddRow) -> BatchRow[Any] | None:
        """Return an odd row's score, or None where it has none and its problems are rejected."""
        self.reject(found.problems, rows=1 if errors_of(found.problems) else 0)
        return None if found.reading is None else self._of_reading(found.reading)

    def of_good(self, good: GoodRow) -> BatchRow[Any]:
        """Return a plain row's score."""
        reading = good.setting.reading
        return self._row(good.who, reading, good.ticks, lambda: with_levels(good))

    def _of_reading(self, reading: Reading) -> BatchRow[Any]:
        tick = self.method(reading).scorer.sums.tick
        assessment = reading.assessment
        levels = (entry.level for entry in assessment.entries.values())
        ticks = [int(level / tick) for level in levels if not isinstance(level, Missing)]
        who = (assessment.institution, assessment.category, assessment.province)
        return self._row(who, reading, ticks, lambda: reading)

    def _row(
        self, who: Who, reading: Reading, ticks: Sequence[int], whole: Callable[[], Reading]
    ) -> BatchRow[Any]:
        """Return a row's score, counted and held against the gates; `whole` gives its reading."""
        method = self.method(reading)
        score = method.scorer.score(ticks)
        predicate = score.by_exact if method.basis is Basis.EXACT else score.by_rounded
        if method.least is not None and not method.least.passes(score.units, predicate):
            if self.gates.room:
                self.gates.fail(whole())
            else:
                self.gates.unmet += 1
        self.tally.add(method.instrument, score.units, {predicate: 1})
        notices = self.codes_of(reading)
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

    def write(self, rows: Iterable[BatchRow[Any]]) -> None:
        """Write rows as they come, those of one form together."""
        for _, same in groupby(rows, key=lambda row: row.codes):
            while chunk := list(islice(same, _CHUNK)):
                self.output.rows(chunk)

    def _keep(self, problem: Problem) -> None:
        key = (problem.code, problem.place, *problem.values.items())
        if key in self.problems:
            return
        if len(self.problems) < _MOST_KEPT:
            self.problems[key] = problem
        else:
            self.more += 1
