"""`spbe whatif`: the index if levels were others."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import SET, GateOptions, MissingLevels, MissingOption, Sheets, misuse
from spbe_cli.core.assessment import parse_change
from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import Reading
from spbe_cli.core.whatif import Imagined, Scenario, Wish, imagine
from spbe_cli.formats.endings import FormFormat

_NAME_COLUMNS = 32
_SCENARIO_COLUMN = 13
"""How wide a table is without scenarios, and what each adds at most."""

app = new_app()


@command(app)
def whatif(
    run: Run,
    *,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="WHAT=LEVEL",
            help="What is changed: 12=4, A3=+1, D1=5, all=+1. May be given several times.",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="FILE",
            help="Named scenarios, as YAML, side by side; --set is then one more.",
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(
            "--save", metavar="FILE", help="Write the changed score sheet to this file, as YAML."
        ),
    ] = None,
    sheets: Sheets,
    missing: MissingOption = MissingLevels.ERROR,
    gates: GateOptions,
) -> Answer:
    """Show what a change of levels would gain: before, after, and the part of each indicator.

    \b
    Examples:
      spbe whatif nilai.yaml --set 12=4 --set A3=+1
      spbe whatif nilai.yaml --set all=+1 --min-predicate baik
      spbe whatif nilai.yaml --scenario skenario.yaml
      spbe whatif nilai.yaml --set D3=3 --save rencana.yaml

    \b
    Gates look at the result after the change.
    """
    asked = run.gates(gates)
    scenarios = _scenarios(run, changes or (), scenario)
    readings = run.readings(sheets, missing_allowed=missing is MissingLevels.BOUNDS)
    found = _imagined(run, scenarios, readings)
    outcomes = run.outcomes(asked, [made.result for made in found])
    if save is not None:
        _check_save(run, save, len(found))
    run.refuse_errors()
    if save is not None:
        run.show()
        _save(run, found[0], save)
    from spbe_cli.answers.whatif import whatif_document, whatif_pages, whatif_rows

    room = None
    if run.width is not None:
        room = max(1, (run.width - _NAME_COLUMNS) // _SCENARIO_COLUMN)
    return Answer(
        lambda: whatif_document(found, outcomes),
        lambda: whatif_rows(found),
        lambda: whatif_pages(found, run.words, side_by_side=room),
        outcomes,
        exit_zero=gates.exit_zero,
    )


def _imagined(
    run: Run, scenarios: Sequence[Scenario], readings: Sequence[Reading]
) -> list[Imagined]:
    """Return what each scenario does to each assessment."""
    found: list[Imagined] = []
    for reading in readings:
        for scenario in scenarios:
            made, wrong = imagine(reading, scenario)
            run.note(wrong)
            found += [made] if made is not None else []
    run.note_readings(made.result.reading for made in found)
    return found


def _scenarios(run: Run, changes: Sequence[str], path: str | None) -> list[Scenario]:
    """Return the scenarios of a file, and one more of what the command line changes."""
    if not changes and path is None:
        run.note([misuse("whatif-nothing", "--set")])
    scenarios: list[Scenario] = []
    if path is not None:
        from spbe_cli.read.requests import read_scenarios

        found, problems = read_scenarios(path)
        run.note(problems)
        scenarios = [] if errors_of(problems) else found
    wanted = run.all_parsed(parse_change(text, SET) for text in changes)
    wishes = [Wish(change, SET) for change in wanted]
    return [*scenarios, Scenario(None, tuple(wishes))] if wishes else scenarios


def _check_save(run: Run, save: str, count: int) -> None:
    """Keep why a changed assessment cannot be saved: there are several, or it is in the way."""
    output = run.written.output
    if save == "-" or run.console.reads(save) or (output is not None and _same(save, output)):
        run.note([misuse("save-in-use", "--save", found=save)])
    elif not run.written.force:
        from spbe_cli.cli.files import kept_files

        run.note(kept_files([save]))
    if FormFormat.YAML.for_file(save, is_asked=True) is None:
        run.note([misuse("output-ending", save, known=", ".join(FormFormat.YAML.endings))])
    if count > 1:
        run.note([misuse("save-not-one", "--save", count=str(count))])


def _same(path: str, other: str) -> bool:
    """Return whether two paths are one file, by whatever link."""
    try:
        return os.path.realpath(path) == os.path.realpath(other)
    except (OSError, ValueError):  # a NUL
        return False


def _save(run: Run, made: Imagined, save: str) -> None:
    """Write the changed assessment, with a comment that says what it is."""
    from spbe_cli.formats.forms import sheet_text

    reading, before = made.result.reading, made.before.assessment.source
    said = run.words(
        "Not assessed: levels of {source} as spbe whatif changed them ({indicators})",
        source=before.path if before else "-",
        indicators=reading.instrument.listed(c.indicator.code for c in made.result.changes) or "-",
    )
    run.write(sheet_text(reading, str(Path(save).parent), run.words, [said]), save)
