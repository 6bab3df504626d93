"""`spbe schema`: the JSON Schemas of the files that are read and of the answers."""

from pathlib import Path
from typing import Annotated

import typer

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.options import misuse
from spbe_cli.cli.streams import ExitCode
from spbe_cli.core.problem import nearest
from spbe_cli.read.instruments import data_file

_ENDING = ".schema.json"

app = new_app()


@command(app)
def schema(
    run: Run,
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="A kind of file (assessment) or the format of an answer."
        ),
    ] = None,
) -> ExitCode:
    """Print the JSON Schema of a kind of file or of an answer, or the names of all.

    \b
    Examples:
      spbe schema
      spbe schema assessment
      spbe schema spbe-score/1
    """
    files = formats()
    if name is None:
        run.write("".join(f"{each}\n" for each in files))
        return ExitCode.DONE
    found = files.get(name) or files.get(_format(name))
    if found is None:
        known = ", ".join(files)
        run.refuse(misuse("schema-unknown", found=name, known=known, **nearest(name, files)))
    run.write(found.read_bytes())  # as it is, whatever the encoding of the terminal
    return ExitCode.DONE


def formats() -> dict[str, Path]:
    """Return the schemas by the format of their documents, or the kind of their files."""
    paths = sorted(data_file("schemas").glob(f"*{_ENDING}"))
    return {_format(path.name.removesuffix(_ENDING)): path for path in paths}


def _format(name: str) -> str:
    """Return what the documents of a schema have as their format: `spbe-score/1`."""
    before, dash, version = name.rpartition("-")
    return f"{before}/{version}" if dash and version.isdecimal() else name
