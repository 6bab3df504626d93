"""Between the reader's blocks of text and the engine that scores them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO

from spbe_cli.batch.block import BlockColumns, BlockSetting
from spbe_cli.core.problem import Problem, Severity
from spbe_cli.read.header import Header, Role
from spbe_cli.read.stream import Block, count_plain_rows, has_lines
from spbe_cli.read.stream_rows import GoodRow, OddRow, Rows, Setting, TextRows, with_levels

if TYPE_CHECKING:
    from spbe_cli.batch.scored_block import ScoredBlock, ScoredPart
    from spbe_cli.batch.text_block import BlockEngine, Found
    from spbe_cli.batch.whole_text import WholeScore
    from spbe_cli.cli.batching import BatchRun

__all__ = ["BlockScorer", "block_scorer"]

_WHO = (Role.INSTITUTION, Role.CATEGORY, Role.PROVINCE)
_DECIDING = (Role.YEAR, Role.STAGE, Role.INSTRUMENT)


class BlockScorer:
    """Scores the blocks of a run. What is odd in them goes through the ordinary reader."""

    def __init__(self, run: "BatchRun", engine: "type[BlockEngine]") -> None:
        self._run = run
        self._new_engine = engine
        self._engines: dict[int, tuple[Header, BlockEngine | None]] = {}

    def score(self, part: TextRows) -> "Found | None":
        """Return the scores of a block's plain rows, ready to be written; None if it is not plain.

        Nothing is counted: blocks are scored beside each other.
        """
        engine = self._engine(part.layout.header, part.layout.dialect.delimiter)
        if engine is None:
            return None
        found = engine.score(part.block.content, part.block.lines, self._setting_of(part))
        if found is not None and found.scored is not None and not found.odd:
            self._run.output.prepare(found.scored)
        return found

    def take_whole(self, path: str, first: TextRows) -> bool:
        """Score and write a whole file of plain rows; return whether that was possible."""
        columns = _columns(first.layout.header, first.layout.dialect.delimiter)
        setting = self._setting_of(first)(0) if columns else None
        if columns is None or setting is None or not has_lines(path):
            return False
        origin = setting.origin
        if not isinstance(origin, Setting):
            raise TypeError(origin)
        method = self._run.method(origin.reading)
        with self._run.output.whole(method.codes) as (stream, undo):
            found = self._score_whole(path, first, columns, setting, stream)
            if found is None:
                undo()
                return False
        self._run.tally.add(method.instrument, found.units, found.predicates)
        return True

    def _score_whole(
        self,
        path: str,
        first: TextRows,
        columns: BlockColumns,
        setting: BlockSetting,
        stream: BinaryIO,
    ) -> "WholeScore | None":
        """Write a file's scores, while it is found out whether its rows are plain."""
        from spbe_cli.batch.whole_text import WholeText, score_whole

        line = first.block.content.partition(b"\n")[0]
        text = WholeText(path, first.layout.lines, line, columns)
        above, delimiter = len(first.layout.head.encode()), columns.delimiter.encode()
        with ThreadPoolExecutor(1) as beside:
            plain = beside.submit(count_plain_rows, path, above, delimiter, columns.width)
            found = score_whole(text, setting, stream, raw=self._run.output.raw)
            return found if found is not None and found.rows == plain.result() else None

    def take(self, part: TextRows, found: "Found") -> bool:
        """Write and count what was found; return whether that was possible, nothing done if not."""
        parsed = part.parsed() if found.odd else None
        if parsed is not None and not _stand_in_lines(parsed, part.block):
            return False
        self._write(found, parsed)
        for scored in found.scored.parts if found.scored else ():
            self._count(scored)
        return True

    def _engine(self, header: Header, delimiter: str) -> "BlockEngine | None":
        if id(header) not in self._engines:
            columns = _columns(header, delimiter)
            new = self._new_engine
            exact = self._run.output.with_exact
            engine = new(columns, with_exact=exact) if columns else None
            self._engines[id(header)] = header, engine
        return self._engines[id(header)][1]

    def _setting_of(self, part: TextRows) -> Callable[[int], BlockSetting | None]:
        content, lines_before = part.block.content, part.block.lines_before

        def setting_of(number: int) -> BlockSetting | None:
            line = content.split(b"\n", number + 1)[number] + b"\n"
            table, problems = part.layout.table(Block.of(line, lines_before + number))
            row = table.header.last_row + 1
            is_there = not problems and row < len(table.grid.rows)  # a row of blanks is none
            setting = part.reader.setting(table, row) if is_there else None
            if setting is None or part.reader.leaves_out(setting):
                return None
            above = {role.value: table.above[role].text for role in _WHO if role in table.above}
            assessment = setting.reading.assessment
            return BlockSetting(
                instrument=setting.reading.instrument,
                year=assessment.year,
                stage=assessment.stage,
                notices=self._run.codes_of(setting.reading),
                who=above,
                places=setting.places,
                ticks=setting.ticks,
                origin=setting,
            )

        return setting_of

    def _write(self, found: "Found", parsed: Rows | None) -> None:
        """Write the scored rows, and among them the odd ones that are right after all."""
        written = 0
        for number, odd in _read_again(found.odd, parsed) if parsed is not None else ():
            scored = self._run.of_good(odd) if isinstance(odd, GoodRow) else self._run.of_odd(odd)
            if scored is not None:
                self._write_scored(found.scored, written, number)
                self._run.write([scored])
                written = number
        self._write_scored(found.scored, written, None)

    def _write_scored(self, scored: "ScoredBlock | None", first: int, last: int | None) -> None:
        if scored is not None:
            rows = scored if first == 0 and last is None else scored.between(first, last)
            if len(rows):
                self._run.output.block(rows)

    def _count(self, part: "ScoredPart") -> None:
        """Count a part's rows and hold them against the gates."""
        origin = part.setting.origin
        if not isinstance(origin, Setting):
            raise TypeError(origin)
        method = self._run.method(origin.reading)
        self._run.tally.add(method.instrument, part.units, dict(part.predicates()))
        if method.least is None:
            return
        failing = part.failing(method.least.units, method.least.predicates)
        explained = failing.head(self._run.gates.room)
        for row in explained.iter_rows(named=True):
            good = GoodRow(part.who(row), origin, [row[name] for name in part.levels])
            self._run.gates.fail(with_levels(good))
        self._run.gates.unmet += failing.height - explained.height


def block_scorer(run: "BatchRun") -> BlockScorer | None:
    """Return the scorer of blocks; None, with a notice, where polars is not installed."""
    try:
        from spbe_cli.batch.text_block import BlockEngine
    except ImportError:
        run.reject([Problem("batch-without-engine", severity=Severity.NOTICE)], rows=0)
        return None
    return BlockScorer(run, BlockEngine)


def _columns(header: Header, delimiter: str) -> BlockColumns | None:
    """Return where things stand; None where two columns hold the same, which is rare."""
    places: dict[str, int] = {}
    for role in (*_WHO, *_DECIDING):
        columns = header.of(role)
        if len(columns) > 1:
            return None
        if columns:
            places[role.value] = columns[0].index
    who = {role.value: places[role] for role in _WHO if role in places}
    deciding = {role.value: places[role] for role in _DECIDING if role in places}
    levels = [column.index for column in header.of(Role.LEVEL_OF)]
    return BlockColumns(header.width, delimiter, who, deciding, levels)


def _read_again(numbers: Sequence[int], parsed: Rows) -> Iterator[tuple[int, GoodRow | OddRow]]:
    """Yield what the ordinary reader makes of these rows."""
    first = parsed.table.header.last_row + 1
    for number in numbers:
        yield number, parsed.reader.read(parsed.table, first + number)


def _stand_in_lines(parsed: Rows, block: Block) -> bool:
    """Return whether the n-th line of a block is the n-th row of its table."""
    return len(parsed.table.grid.rows) == parsed.table.header.last_row + 1 + block.lines
