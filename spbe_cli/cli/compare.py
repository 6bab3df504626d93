"""`spbe compare`: what changed between assessments."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Annotated

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import (
    Detail,
    ExitZeroOption,
    InputOptions,
    WrittenChart,
    misuse,
    read_readings,
    stage_from,
)
from spbe_cli.core.compare import (
    DropGate,
    Series,
    check_drops,
    in_order_of_years,
    matched,
    said_of,
    series_of,
    target_met,
)
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.score import Reading, parse_target
from spbe_cli.read.text import File, load

_TWO = 2
_BOTH_ARE_READ = "sheets-of-other-stages"
"""A notice of each stage's reading that is no news here: the other stage is the other side."""
_NAME_COLUMNS = 44
_PERIOD_COLUMN = 6
"""How wide a table is without its periods, and what each adds."""

app = new_app()


@command(app, written=WrittenChart)
def compare(
    run: Run,
    *,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="BEFORE AFTER...",
            help="Score sheets, put in the order of their years; one is enough with --stages.",
        ),
    ],
    stages: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--stages",
            metavar="STAGE STAGE",
            help="Compare two stages of one sheet, or one of BEFORE with one of AFTER.",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="INDEX|PREDICATE",
            help="Say by how much the last index exceeds or misses this.",
        ),
    ] = None,
    fail_on_drop: Annotated[
        bool,
        typer.Option("--fail-on-drop", help="Gate: the last index does not fall at all."),
    ] = False,
    max_drop: Annotated[
        list[str] | None,
        typer.Option(
            "--max-drop",
            metavar="POINTS|CODE=POINTS",
            help="Gate: it falls by no more; D3=0.1 of a domain or aspect.",
        ),
    ] = None,
    detail: Annotated[
        Detail,
        typer.Option("--detail", help="Show every indicator that changed, or the largest changes."),
    ] = Detail.ASPECT,
    exit_zero: ExitZeroOption = False,
    how: InputOptions,
) -> Answer:
    """Split the change of the index into what each domain, aspect and indicator contributes.

    \b
    Examples:
      spbe compare 2022.yaml 2023.yaml --target 3.1
      spbe compare 2021.yaml 2022.yaml 2023.yaml
      spbe compare 2021.yaml 2022.yaml 2023.yaml -o tren.svg
      spbe compare nilai.xlsx --stages self final --detail indicator
      spbe compare main.yaml baru.yaml --fail-on-drop --max-drop D3=0.1

    \b
    Gates look at the last two score sheets.
    """
    gates = _drop_gates(run, max_drop or (), fail_on_drop=fail_on_drop)
    sides, reordered = in_order_of_years(_sides(run, files, how, stages))
    groups, unmatched = matched(sides)
    run.note([*reordered, *unmatched])
    if stages is None:
        run.note(problem for readings in groups for problem in said_of(readings))
    last = {id(reading) for reading in sides[-1]}
    absent = [readings for readings in groups if id(readings[-1]) not in last]
    run.note(_without_last(absent, sides[-1]) if gates else ())
    series = [
        _held(run, series_of(readings), target, gates if id(readings[-1]) in last else ())
        for readings in groups
    ]
    run.note_readings(reading for readings in groups for reading in readings)
    run.refuse_errors()
    from spbe_cli.answers.charts import compare_charts
    from spbe_cli.answers.compare import Shown, compare_document, compare_pages, compare_rows

    room = None if run.width is None else (run.width - _NAME_COLUMNS) // _PERIOD_COLUMN
    every, unicode = detail is Detail.INDICATOR, run.console.has_unicode()
    shown = Shown(room, every_indicator=every, unicode=unicode)
    return Answer(
        lambda: compare_document(series),
        lambda: compare_rows(series),
        lambda: [page for one in series for page in compare_pages(one, run.words, shown)],
        [drop for one in series for drop in one.drops],
        exit_zero=exit_zero,
        charts=lambda: compare_charts(series, run.words),
    )


def _sides(
    run: Run, files: Sequence[str], how: InputOptions, stages: tuple[str, str] | None
) -> list[list[Reading]]:
    """Return the readings of each file, or of each stage; a file is loaded only once."""
    wanted: Sequence[str | None] = [how.stage] * len(files)
    if stages is not None:
        if len(files) > _TWO or how.stage is not None:
            run.refuse(misuse("compare-stages", "--stages"))
        known = map(stage_from, stages)
        wrong = [each.at(Place("--stages")) for each in known if isinstance(each, Problem)]
        run.refuse_if(wrong)
        files, wanted = [files[0], files[-1]], stages
    elif len(files) < _TWO:
        run.refuse(misuse("compare-one-file", found=files[0]))
    loaded = {path: _loaded(path) for path in dict.fromkeys(files)}
    sides: list[list[Reading]] = []
    problems: list[Problem] = []
    for path, stage in zip(files, wanted, strict=True):
        readings, found = read_readings([loaded[path]], how._replace(stage=stage))
        run.note_files(readings)
        sides.append(readings)
        problems += [problem for problem in found if problem.code != _BOTH_ARE_READ]
    run.refuse_if(problems)
    return sides


def _without_last(
    absent: Sequence[Sequence[Reading]], last: Sequence[Reading]
) -> Iterator[Problem]:
    """Yield which institutions no gate looks at, as the last file does not have them."""
    names = [readings[-1].assessment.institution or "-" for readings in absent]
    if names:
        source = last[0].assessment.source
        values = {"count": str(len(names)), "institutions": ", ".join(names)}
        place = Place(source.path if source else "")
        yield Problem("gate-without-last", place, values, Severity.NOTICE)


def _loaded(path: str) -> str | File:
    """Return a file's bytes, or its path again, so that the reader says why there are none."""
    file = load(path)
    return path if isinstance(file, Problem) else file


def _held(run: Run, series: Series, target: str | None, gates: Sequence[DropGate]) -> Series:
    """Return the comparison held against gates and target."""
    drops, problems = check_drops(gates, series.last_step)
    run.note(problems)
    outcome = None
    if target is not None:
        last = series.trend.cards[-1]
        wanted = run.parsed(parse_target(last.instrument, target, Place("--target")))
        outcome = target_met(wanted, last) if wanted is not None else None
    return series._replace(target=outcome, drops=tuple(drops))


def _drop_gates(run: Run, texts: Sequence[str], *, fail_on_drop: bool) -> list[DropGate]:
    gates: list[DropGate] = []
    if fail_on_drop:
        gates.append(DropGate(kind="fail-on-drop", place=Place("--fail-on-drop")))
    for text in texts:
        node, equals, most = text.rpartition("=")
        points = _amount(most)
        if points is None or bool(equals) != bool(node.strip()):
            run.note([misuse("drop-wrong", "--max-drop", found=text)])
        else:
            gates.append(DropGate(points, node.strip() or None, place=Place("--max-drop")))
    return gates


def _amount(text: str) -> Fraction | None:
    try:
        return value if (value := parse(text)) >= 0 else None
    except NotANumberError:
        return None
