"""Kills at random moments: `python tests/faults/run.py [--times N] [--seed S] [COMMAND ...]`.

Every command that writes runs again and again and gets INT, TERM, HUP or KILL at a random moment.
Held are: each output is whole or absent, nothing temporary is left (but after KILL) and no process,
the exit code is that of the signal or of a run that was done, and no traceback is shown. Prints the
counts, and every breach with the seed that makes it again; exits with 1 if there was one.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.processes import is_left  # noqa: E402
from support.tables import HEAD, row, table_text  # noqa: E402

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
SHEET = "examples/bandar-lampung-2023.yaml"
EARLIER = "examples/kota-jambi-2022.yaml"
COMMANDS: Mapping[str, Sequence[str]] = {
    "score": ["score", SHEET, "-f", "json", "-o", "{out}/score.json"],
    "whatif": ["whatif", SHEET, "--set", "all=+1", "--save", "{out}/s.yaml", "-o", "{out}/w.txt"],
    "plan": ["plan", SHEET, "-f", "csv", "-o", "{out}/plan.csv"],
    "levers": ["levers", SHEET, "-f", "markdown", "-o", "{out}/levers.md"],
    "outlook": ["outlook", SHEET, "--agreement", "0.9", "-f", "json", "-o", "{out}/outlook.json"],
    "compare": ["compare", EARLIER, "examples/kota-jambi-2023.yaml", "-o", "{out}/compare.txt"],
    "rank": ["rank", "examples/national-2023.csv", "-f", "csv", "-o", "{out}/rank.csv"],
    "profile": ["profile", "examples/national-2023.csv", "-o", "{out}/profile.txt"],
    "audit": ["audit", "examples/national-2023.csv", "-f", "jsonl", "-o", "{out}/audit.jsonl"],
    "batch.csv": ["batch", "{work}/nilai.csv", "-o", "{out}/b.csv", "--rejects", "{out}/r.csv"],
    "batch.jsonl": ["batch", "{work}/nilai.csv", "-o", "{out}/b.jsonl", "--skip-invalid"],
    "batch.parquet": ["batch", "{work}/nilai.csv", "-o", "{out}/b.parquet", "--skip-invalid"],
    "report.html": ["report", SHEET, "-o", "{out}/r.html"],
    "report.md": ["report", SHEET, "-o", "{out}/r.md"],
    "report.pdf": ["report", SHEET, "-o", "{out}/r.pdf"],
    "report.docx": ["report", SHEET, "-o", "{out}/r.docx"],
    "report.xlsx": ["report", SHEET, "-o", "{out}/r.xlsx"],
    "report folder": ["report", "{work}/few.csv", "--output-dir", "{out}/new"],
    "report into": ["report", "{work}/few.csv", "--output-dir", "{out}/there", "--force"],
    "init.yaml": ["init", "{out}/i.yaml", "--year", "2024"],
    "init.csv": ["init", "{out}/i.csv", "--year", "2024"],
    "init.xlsx": ["init", "{out}/i.xlsx", "--year", "2024"],
}
_STARTING = 0.06
"""How long Python itself takes to start: what happens before is not ours."""


class Whole(NamedTuple):
    """What a command writes when nobody disturbs it, in how many seconds, with which code."""

    files: Mapping[str, bytes]
    seconds: float
    code: int


class Ended(NamedTuple):
    """How a run ended after a signal: its code, what it said, what it left in the folder for it."""

    number: signal.Signals
    code: int
    said: str
    temporary: Sequence[str]


def files_below(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by their path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def started(command: Sequence[str], work: Path, out: Path) -> subprocess.Popen[bytes]:
    """Start a command that writes below `out`."""
    arguments = [each.format(work=work, out=out) for each in command]
    (work / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(work / "tmp"), "SPBE_LANG": "en"}
    return subprocess.Popen(
        [sys.executable, "-m", "spbe_cli", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def fresh(out: Path) -> dict[str, bytes]:
    """Empty the folder to write to; return what an earlier run has left in it."""
    shutil.rmtree(out, ignore_errors=True)
    (out / "there").mkdir(parents=True)
    (out / "there" / "index.html").write_bytes(b"before")
    (out / "there" / "own.txt").write_bytes(b"of somebody else")
    return files_below(out)


def undisturbed(command: Sequence[str], work: Path) -> Whole:
    """Return what a command writes when it is left in peace."""
    out = work / "out"
    fresh(out)
    begun = time.perf_counter()
    run = started(command, work, out)
    _, said = run.communicate()
    if run.returncode not in (0, 1, 3):
        raise SystemExit(f"{command}: {run.returncode}\n{said.decode()}")
    return Whole(files_below(out), time.perf_counter() - begun, run.returncode)


def breaches(
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    whole: Whole,
    *,
    ended: Ended,
) -> Iterator[str]:
    """Yield what a killed run has done that it must not."""
    number, code, said, temporary = ended
    if ("Traceback" in said and "spbe_cli" in said) or "bug of ours" in said:
        yield "traceback"
    before_us = "Traceback" in said and "spbe_cli" not in said  # Python was still starting
    if code not in (whole.code, 130, -number) and not before_us:
        yield f"exit code {code}"
    left = [name for name in after if Path(name).name.startswith(".spbe-") or ".spbe-" in name]
    if (left or temporary) and number != signal.SIGKILL:
        yield f"left behind: {(left or list(temporary))[0]}"
    for name, content in after.items():
        if name not in left and content not in (before.get(name), whole.files.get(name)):
            yield f"half written: {name}"
    made = {name for name in whole.files if whole.files[name] != before.get(name)}
    there = {name for name in made if after.get(name) == whole.files[name]}
    together = {name for name in made if name.startswith(("new/", "there/"))}
    if number != signal.SIGKILL and there & together and not together <= there:
        yield "a folder of two runs"
    if missing := [name for name in before if name not in after and number != signal.SIGKILL]:
        yield f"lost: {missing[0]}"
    if code == whole.code and not made <= there:
        yield "said to be done, and is not"


def killed(
    command: Sequence[str], whole: Whole, work: Path, random: Random
) -> tuple[str, list[str]]:
    """Run a command, kill it at a random moment; return how it ended, and every breach."""
    out = work / "out"
    before = fresh(out)
    shutil.rmtree(work / "tmp", ignore_errors=True)
    number = random.choice(SIGNALS)
    run = started(command, work, out)
    time.sleep(_STARTING + random.random() * whole.seconds)
    run.send_signal(number)
    try:
        _, errors = run.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        run.kill()
        run.communicate()
        return "hung", [f"hung after {number.name}"]
    if is_left(run.pid):
        return "left", [f"a process is left after {number.name}"]
    temporary = [path.name for path in (work / "tmp").iterdir()]
    said = errors.decode("utf-8", "replace")
    ended = Ended(number, run.returncode, said, temporary)
    found = breaches(before, files_below(out), whole, ended=ended)
    kind = "done" if run.returncode == whole.code else "ended"
    return f"{number.name} {kind}", [f"{each}\n{said}" for each in found]


def inputs(work: Path) -> None:
    """Write the tables that the commands read."""
    rows = [row(f"Kota {number}") for number in range(20_000)]
    for number in range(0, len(rows), 7):
        rows[number][-1] = "9"
    (work / "nilai.csv").write_text(table_text([HEAD, *rows]))
    few = [row(f"Kota {number}") for number in range(60)]
    (work / "few.csv").write_text(table_text([HEAD, *few]))


def main() -> int:
    """Kill every command as often as asked for."""
    for each in SIGNALS[:3]:  # in the background, or under nohup, commands would overhear them
        signal.signal(each, signal.default_int_handler)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=3, help="how often each command is killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help=", ".join(COMMANDS))
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        inputs(work)
        for title in asked.commands or COMMANDS:
            command = COMMANDS[title]
            whole = undisturbed(command, work)
            for number in range(asked.times):
                seed = f"{asked.seed} {title} {number}"
                kind, found = killed(command, whole, work, Random(seed))
                counts[kind] += 1
                broken += [f"{seed}: {each}" for each in found]
    for breach in broken:
        print(breach)  # noqa: T201
    print(sum(counts.values()), "kills,", len(broken), "breaches;", dict(sorted(counts.items())))  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
