"""The command `spbe`."""

import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        from spbe_cli.cli.run import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before anything was begun, or when all was done
        code = 130
    sys.exit(code)


def without_here() -> None:
    """Take the current folder from where modules are looked for: `python -m` puts it in front.

    A `typer.py` that lies beside a score sheet is not to be run.
    """
    if not sys.flags.safe_path and sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109
        del sys.path[0]


if __name__ == "__main__":
    without_here()
    main()
