"""`spbe schema`: the JSON Schemas of the files that are read and of the answers."""

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
    files = {
        path.name.removesuffix(_ENDING): path
        for path in sorted(data_file("schemas").glob(f"*{_ENDING}"))
    }
    formats = {_format(each): path for each, path in files.items()}
    if name is None:
        run.write("".join(f"{each}\n" for each in formats))
        return ExitCode.DONE
    found = formats.get(name) or files.get(name)
    if found is None:
        known = ", ".join(formats)
        run.refuse(misuse("schema-unknown", found=name, known=known, **nearest(name, formats)))
    run.write(found.read_bytes())  # as it is, whatever the encoding of the terminal
    return ExitCode.DONE


def _format(name: str) -> str:
    """Return what the documents of a schema have as their format: `spbe-score/1`."""
    before, dash, version = name.rpartition("-")
    return f"{before}/{version}" if dash and version.isdecimal() else name
