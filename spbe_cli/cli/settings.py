"""`spbe settings`: what is taken where an option is not given, and where that comes from."""

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.defaults import PARAMETERS

app = new_app()


@command(app)
def settings(run: Run) -> str:
    """Show the settings: each value, and where it comes from.

    \b
    Examples:
      spbe settings
    """
    from spbe_cli.formats.blocks import Cell, Column, Row, Section, Table

    words, found = run.words, run.console.defaults.settings
    rows = [
        Row(
            (
                Cell(key),
                Cell(found[key].value if key in found else "-"),
                Cell(str(found[key].place) if key in found else words("the default")),
            )
        )
        for key in PARAMETERS
    ]
    columns = [Column(words("Setting")), Column(words("Value")), Column(words("From"))]
    return run.page(Section(words("Settings"), [Table(columns, rows)]))
