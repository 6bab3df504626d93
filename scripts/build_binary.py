# ruff: noqa: INP001  (a script, not a package)
"""Build spbe as one folder that runs where there is no Python, with PyInstaller.

    pip install -e ".[binary]" && python scripts/build_binary.py [--output FOLDER]

The program is FOLDER/spbe/spbe (dist/spbe/spbe), for the kind of system that builds it. It has
what the environment has: `.[binary]` brings every extra. It is not signed, and Windows warns of
such programs: an office opens the calculator of forms/ instead.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
DATA = ("indicators.yaml", "instruments", "schemas")
"""What pyproject.toml puts into the wheel as spbe_cli/data."""
EXTRAS = ("typst", "docx", "docxtpl", "xlsxwriter", "polars", "narwhals")
"""What is imported at the moment of use, so that PyInstaller does not see it."""
LEFT_OUT = ("tkinter", "pytest", "numpy", "pandas", "pyarrow", "matplotlib", "IPython")


def options(output: Path, work: Path) -> list[str]:
    """Return what PyInstaller is told; it is to write below `output`, its notes below `work`."""
    data = [f"{ROOT / name}{os.pathsep}{_place(name)}" for name in DATA]
    return [
        *("--name=spbe", "--onedir", "--console", "--noconfirm", "--clean", "--log-level=WARN"),
        *(f"--distpath={output}", f"--workpath={work}", f"--specpath={work}"),
        *("--collect-submodules=spbe_cli", "--collect-data=spbe_cli"),
        *(f"--add-data={each}" for each in data),
        *(f"--collect-all={name}" for name in EXTRAS if find_spec(name)),
        *("--collect-data=python_calamine", "--collect-submodules=rich._unicode_data"),
        *(f"--exclude-module={name}" for name in LEFT_OUT),
        str(ROOT / "spbe_cli" / "__main__.py"),
    ]


def _place(name: str) -> str:
    """Return the folder of a piece of data in the program, as in the wheel."""
    return f"spbe_cli/data/{name}" if (ROOT / name).is_dir() else "spbe_cli/data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the program; return the exit code."""
    parser = argparse.ArgumentParser(description="Build spbe as one folder without Python.")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="default: dist")
    output = parser.parse_args(arguments).output.absolute()
    if find_spec("PyInstaller") is None:
        sys.stderr.write('PyInstaller is not installed: pip install -e ".[binary]"\n')
        return 1
    from PyInstaller.__main__ import run  # an extra of its own

    with tempfile.TemporaryDirectory() as work:
        run(options(output, Path(work)))
    program = output / "spbe"
    size = sum(path.stat().st_size for path in program.rglob("*") if path.is_file())
    sys.stdout.write(f"{program}: {size / 1_000_000:.0f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
