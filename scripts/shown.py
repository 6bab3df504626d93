# ruff: noqa: INP001  (a script, not a package)
"""What the program shows, for the documentation: console blocks, help, a picture."""

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

from rich.console import Console
from rich.text import Text

from spbe_cli.cli.app import COMMANDS
from spbe_cli.cli.run import run
from spbe_cli.cli.streams import ExitCode

__all__ = ["commands_page", "pages_with_console_blocks", "picture", "with_console_blocks"]

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
_HEIGHT = re.compile(r'(viewBox="0 0 1000 |<rect width="1000" height=")([\d.]+)')
_MARGINS = 17
"""What stands above the first and below the last line of a picture."""
_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 {terminal_height}" role="img">
<title>COMMAND</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="1000" height="{terminal_height}" rx="8" fill="#1d1f21"/>
<g transform="translate(12, 8)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def shown(*arguments: str, colour: bool = False, columns: int = 80, language: str = "en") -> str:
    """Return what `spbe ARGUMENTS` writes, both streams, in the root folder."""
    environment = {
        "COLUMNS": str(columns),
        "LANG": "id_ID.UTF-8" if language == "id" else "C.UTF-8",
        "PATH": os.environ.get("PATH", ""),
        "FORCE_COLOR": "1" if colour else "",
    }
    before, folder = dict(os.environ), Path.cwd()
    answer, conversation = io.StringIO(), io.StringIO()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(answer), contextlib.redirect_stderr(conversation):
            if run(arguments) == ExitCode.BUG:
                raise RuntimeError(f"spbe {shlex.join(arguments)}: {conversation.getvalue()}")
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)
    return answer.getvalue() + conversation.getvalue()


def pages_with_console_blocks() -> list[str]:
    """Return the pages that show what commands answer, as paths from the root."""
    pages = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("**/*.md"))]
    return [
        str(page.relative_to(ROOT)) for page in pages if "```console" in page.read_text("utf-8")
    ]


def with_console_blocks(path: str) -> str:
    """Return a page with what each `$ spbe ...` of its console blocks shows."""
    language = "id" if path.endswith(".id.md") or "docs/id/" in path else "en"
    return _BLOCK.sub(
        lambda found: found[1] + _replayed(found[2], language) + found[3],
        (ROOT / path).read_text("utf-8"),
    )


def _replayed(block: str, language: str) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ spbe ")]
    return "".join(
        f"{line}\n{shown(*shlex.split(line[7:]), language=language)}" for line in commands
    )


def commands_page() -> str:
    """Return docs/commands.md: the help of every command, in both languages."""
    parts = ["# Commands\n\nWritten by `scripts/generate.py` from `--help`.\n"]
    for command in ("", *COMMANDS):
        parts.append(f"## spbe {command}".rstrip() + "\n")
        for language in ("en", "id"):
            arguments = [*([command] if command else []), "--help", "--lang", language]
            parts.append(f"```text\n{shown(*arguments)}```\n")
    return "\n".join(parts)


def chart(*command: str) -> str:
    """Return the picture that a command draws."""
    return shown(*command, "--format", "svg")


def picture(*command: str, language: str = "en") -> str:
    """Return what a command answers as a terminal shows it, as SVG."""
    typed, answer = f"spbe {' '.join(command)}", shown(*command, colour=True, language=language)
    console = Console(record=True, width=80, file=io.StringIO(), color_system="standard")
    console.print(Text(f"$ {typed}"))
    # without the last line end, which only some versions of rich take for one more line
    console.print(Text.from_ansi(answer.removesuffix("\n")))
    form = _SVG.replace("COMMAND", typed)
    svg = console.export_svg(title="", code_format=form, unique_id="spbe")
    svg = _HEIGHT.sub(lambda found: f"{found[1]}{float(found[2]) + _MARGINS:g}", svg, count=2)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
