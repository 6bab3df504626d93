"""The command `spbe`."""

import sys

from spbe_cli import __version__

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process with its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:  # asked for often by scripts: no library is needed to answer
        sys.stdout.write(f"spbe {__version__}\n")
        return
    from spbe_cli.cli.run import run

    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
