"""The command `spbe`."""

import sys

from spbe_cli.cli.run import run


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
