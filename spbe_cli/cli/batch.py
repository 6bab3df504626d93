"""`spbe batch`: the scores of tables of any size, and of whole folders of score sheets."""

from typing import Annotated

import typer

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    StageOption,
    YearOption,
    gates_from,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def batch(
    context: typer.Context,
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
            help="The file to write, by its ending .csv, .jsonl or .parquet; "
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
    min_index: Annotated[
        str | None, typer.Option("--min-index", metavar="INDEX", help="Gate: at least this index.")
    ] = None,
    min_predicate: Annotated[
        str | None,
        typer.Option("--min-predicate", metavar="NAME", help="Gate: at least this predicate."),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if a gate is not met.")
    ] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Write every value exactly, not rounded.")
    ] = False,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="Write names as they are, even what a spreadsheet would run."),
    ] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
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
    from spbe_cli.cli.batch_job import Job, run_job

    console: Console = context.obj
    gates = gates_from(min_index, min_predicate, None)
    options = InputOptions(instrument, year, stage)
    job = Job(inputs, output, rejects, skip_invalid, exact, raw)
    return run_job(job, options, gates, console, exit_zero=exit_zero)
