"""Inputs that are folders: the score sheets and tables in them."""

from collections.abc import Collection, Sequence
from pathlib import Path

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.assessments import TABLES, TREES
from spbe_cli.read.files import STDIN, os_problem

__all__ = ["files_in"]

_ENDINGS = (*TABLES, *TREES, ".parquet")


def files_in(
    inputs: Sequence[str], without: Collection[str] = ()
) -> tuple[list[str], list[Problem]]:
    """Return the files among the inputs and below folders, and what is wrong with folders.

    A folder's files come in the order of their names, its own before those of folders in it.
    Hidden ones, files of other kinds and those named in `without` are left out.
    """
    paths: list[str] = []
    problems: list[Problem] = []
    left_out = {Path(name).resolve() for name in without}
    for name in inputs:
        path = Path(name)
        if name == STDIN or not _is_folder(path):
            paths.append(name)
            continue
        try:
            found = [file for file in _below(path) if file.resolve() not in left_out]
        except OSError as error:
            problems.append(os_problem(error.filename or name, error))
            continue
        if not found:
            values = {"endings": ", ".join(_ENDINGS)}
            problems.append(Problem("folder-empty", Place(name), values))
        paths += map(str, found)
    return paths, problems


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _below(folder: Path) -> list[Path]:
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    files = [entry for entry in entries if entry.is_file() and entry.suffix.lower() in _ENDINGS]
    inner = [file for entry in entries if entry.is_dir() for file in _below(entry)]
    return [*files, *inner]
