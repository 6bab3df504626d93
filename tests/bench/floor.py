"""The yardstick: the least script that does the job of `spbe score` with the same libraries.

A typer app of two sub-commands that composes a YAML of 47 indicators with the C loader, validates
47 levels with one pydantic model, and prints a Rich table of 14 rows. No places, no languages.
"""

from typing import Annotated

import typer
import yaml
from pydantic import BaseModel, Field
from rich.console import Console
from rich.table import Table

app = typer.Typer(add_completion=False)


class Sheet(BaseModel):
    """A score sheet."""

    institution: str
    year: int
    levels: dict[str, Annotated[int, Field(ge=1, le=5)]]


@app.command()
def score(path: str) -> None:
    """Print a table of 14 rows."""
    with open(path, "rb") as stream:  # noqa: PTH123
        node = yaml.compose(stream, Loader=yaml.CSafeLoader)
    data = {
        key.value: {k.value: v.value for k, v in value.value}
        if isinstance(value, yaml.MappingNode)
        else value.value
        for key, value in node.value
    }
    sheet = Sheet.model_validate(data)
    total = sum(sheet.levels.values())
    table = Table("code", "name", "weight", "index")
    for row in range(14):
        table.add_row(str(row), sheet.institution, "1", str(total))
    Console().print(table)


@app.command()
def check(path: str) -> None:
    """Print the path."""
    print(path)


app()
