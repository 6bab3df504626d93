# ruff: noqa: INP001  (a script, not a package)
"""Run the same command lines in two checkouts and compare all they give, byte for byte.

    python scripts/samebytes.py OLD NEW [COMMAND ...]   (checkouts; commands, or all)
    python scripts/samebytes.py OLD NEW --gaps          and name what no line reaches
    python scripts/samebytes.py OLD NEW --match TEXT    only the lines with this in them
    python scripts/samebytes.py OLD NEW --known FILE    run in OLD only what FILE does not know

Compared are exit codes, both streams and every file that a line writes, besides the schemas and
what scripts/generate.py makes. Each checkout's own source is run with this Python, which needs the
dependencies with all extras; nothing is asked of the code but `python -m spbe_cli`. A line runs in
a fork of a process that has loaded third-party libraries and nothing of the project's; some lines
also run in a Python of their own, which has to give the same.

What is run, and which differences are explained, stands in samebytes.yaml. Inputs are those of
OLD, in both. Exit code 0: no difference, or explained ones only; 1: others.
"""

import argparse
import difflib
import json
import os
import re
import runpy
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from importlib.metadata import distributions
from itertools import chain, product
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import yaml
from samebytes_gaps import Reached
from samebytes_run import Checkout, Line, Ran, Step, opened

__all__ = ["main"]

HERE = Path(__file__).parent
CORPUS = ("README.md", "docs", "examples", "indicators.yaml", "instruments", "tests")
LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", ".venv")
IN_FULL, ROWS_SHOWN, FRESH, PACE, BUG = 6, 60, 40, 250, 70


class Explained(NamedTuple):
    """A difference that is wanted: in lines with `line`, `was` of OLD is `now` in NEW.

    Or what the regular expression `apart` finds in either is left out of the comparison.
    """

    line: str
    reason: str
    test: str
    was: str = ""
    now: str = ""
    apart: str = ""


# --- the lines -------------------------------------------------------------------------------


def lines_of(plan: Mapping[str, Any], inputs: Path) -> list[Line]:
    """Return every line once: those of samebytes.yaml, of tests/broken, of the documentation."""
    texts = [*plan["lines"], *_of_broken(plan["broken"], inputs), *_of_pages(inputs)]
    found = (each for text in texts for each in alternatives(_named(text, plan["names"])))
    return [Line(text, steps(text)) for text in dict.fromkeys(" ".join(f.split()) for f in found)]


def _named(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"@(\w+)", lambda found: _named(names[found[1]], names), text)


def alternatives(text: str) -> Iterator[str]:
    """Yield the text with each of `{one,other}` in turn, and with the first one's choice in {1}."""
    fixed = re.split(r"\{[^{}]*,[^{}]*\}", text)
    choices = [found.split(",") for found in re.findall(r"\{([^{}]*,[^{}]*)\}", text)]
    for chosen in product(*choices):
        said = chain.from_iterable(zip(fixed, (*chosen, ""), strict=True))
        yield "".join(said).replace("{1}", (*chosen, "")[0])


def _of_broken(templates: Mapping[str, str], inputs: Path) -> Iterator[str]:
    """Yield the lines that each entry of expected.yaml asks for, whose files are made before."""
    broken = inputs / "tests" / "broken"
    expected = yaml.safe_load((broken / "expected.yaml").read_text("utf-8"))
    recipes = runpy.run_path(str(broken / "recipes.py"))["RECIPES"]
    for section, cases in expected.items():
        for case in cases:
            words = shlex.split(case)
            if section == "recipes":
                folder = inputs / "made" / words[0]
                folder.mkdir(parents=True)
                made = recipes[words[0]](folder, _Unpatched())
                words[0] = str(made.relative_to(inputs))
            there = (f"tests/broken/{w}" if (broken / w).is_file() else w for w in words)
            yield templates[section].replace("CASE", shlex.join(there))


class _Unpatched:
    """Takes the place of pytest's monkeypatch: a recipe that needs it leaves a sound file."""

    def setattr(self, *_: object) -> None:
        """Patch nothing."""


def _of_pages(inputs: Path) -> Iterator[str]:
    for page in (inputs / "README.md", *sorted((inputs / "docs").glob("*.md"))):
        found = re.findall(r"^\$ spbe (.*)$", page.read_text("utf-8"), re.MULTILINE)
        yield from (text for text in found if not set("{}$|&") & set(text))


def steps(text: str) -> list[Step]:
    """Return the commands of a line."""
    found = [Step({}, [], os.devnull, "")]
    words = iter(shlex.split(text))
    for word in words:
        step = found[-1]
        if word == ";":
            found.append(Step({}, [], os.devnull, ""))
        elif word == "<":
            found[-1] = step._replace(stdin=next(words))
        elif word == ">":
            found[-1] = step._replace(stdout=next(words))
        elif not step.arguments and re.match("[A-Z_]+=", word):
            name, _, value = word.partition("=")
            step.environment[name] = value
        else:
            step.arguments.append(word)
    return found


def make_inputs(plan: Mapping[str, Any], checkout: Path, folder: Path) -> None:
    """Copy what lines read, and write the files that samebytes.yaml describes."""
    for name in CORPUS:
        origin = checkout / name
        copy = shutil.copytree if origin.is_dir() else shutil.copy
        copy(origin, folder / name)
    (folder / "given").mkdir()
    for name, parts in plan["files"].items():
        rows: list[tuple[int, str]] = [(1, parts)] if isinstance(parts, str) else parts
        text = "".join(_row(row, n) for times, row in rows for n in range(times))
        (folder / "given" / name).write_text(text, "utf-8", newline="")


def _row(text: str, number: int) -> str:
    """Return a row of a made table; its name, column heads and levels stand for what they say."""
    codes = "".join(f",{code}" for code in range(1, 48))
    levels = "".join(f",{(number + code // 9) % 5 + 1}" for code in range(47))
    for name, value in (("NUMBER", str(number)), (",CODES", codes), (",LEVELS", levels)):
        text = text.replace(name, value)
    return text


# --- what differs ------------------------------------------------------------------------------


def differences(was: Ran, now: Ran) -> Iterator[str]:
    """Yield what differs, as a reader of a terminal wants to see it."""
    if was.codes != now.codes:
        yield f"  exit code {was.codes} -> {now.codes}"
    old, new = opened(was), opened(now)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"  {name}: " + ("differs" if name in old and name in new else "not in both")
            yield from _rows(old.get(name, b""), new.get(name, b""))


def _rows(was: bytes, now: bytes) -> Iterator[str]:
    try:
        old, new = (each.decode().splitlines() for each in (was, now))
    except UnicodeDecodeError:
        at = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
        yield f"    {len(was)} -> {len(now)} bytes; first at {at}: {was[at : at + 40]!r}"
        yield f"    {now[at : at + 40]!r}"
        return
    rows = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
    found = [row for row in rows if not row.startswith("@@ ")]
    yield from (f"    {row[:400]}" for row in found[:ROWS_SHOWN])
    if len(found) > ROWS_SHOWN:
        yield f"    ... and {len(found) - ROWS_SHOWN} more rows"
    elif not found:
        yield "    only the ends of lines differ"


def explanations(line: Line, was: Ran, now: Ran, known: Iterable[Explained]) -> list[Explained]:
    """Return what explains all that differs; nothing if something stays without a reason."""
    fitting = [each for each in known if re.search(each.line, line.text)]
    return _exchanged(fitting, was, now)


def _exchanged(fitting: Iterable[Explained], was: Ran, now: Ran) -> list[Explained]:
    """Return the exchanges of text that make of one what the other is; none if they do not."""
    old, new, used = opened(was), opened(now), []
    outer = {name for name in was.parts if any(other.startswith(f"{name}/") for other in old)}
    for each in fitting:
        this, that = each.apart.encode() or re.escape(each.was.encode()), each.now.encode()
        put, found = partial(re.compile(this, re.DOTALL).subn, lambda _, that=that: that), 0
        for name, part in old.items():
            old[name], count = put(part)
            found += count
        if each.apart:
            new = {name: put(part)[0] for name, part in new.items()}
        used += [each] * bool(found)
    names = (old.keys() | new.keys()) - outer
    same = was.codes == now.codes and all(old.get(name) == new.get(name) for name in names)
    return used if same else []


# --- the whole -----------------------------------------------------------------------------------


class Memory:
    """What lines gave in OLD, kept from run to run: nobody has to run there again what is known."""

    def __init__(self, path: Path | None, checkout: Path, plan: Mapping[str, Any]) -> None:
        self._path, self._of = path, ""
        self._known: dict[str, str] = {}
        if path is not None:
            shown = (f for f in sorted(checkout.rglob("[!.]*")) if ".git" not in f.parts)
            every = (f for f in shown if f.is_file() and f.suffix != ".pyc")
            parts = [sha256(file.read_bytes()).hexdigest() for file in every]
            installed = sorted(f"{each.name} {each.version}" for each in distributions())
            self._of = sha256(repr((parts, installed, plan["files"])).encode()).hexdigest()
            if path.is_file():
                kept = json.loads(path.read_text("utf-8"))
                self._known = kept["lines"] if kept["of"] == self._of else {}

    def is_known(self, line: Line, ran: Ran) -> bool:
        """Return whether OLD has given just this."""
        return self._known.get(line.text) == _digest(ran)

    def keep(self, line: Line, ran: Ran) -> None:
        """Note what OLD has given."""
        self._known[line.text] = _digest(ran)

    def write(self) -> None:
        """Write all that is known, if it is wanted."""
        if self._path is not None:
            beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            beside.write_text(json.dumps({"of": self._of, "lines": self._known}), "utf-8")
            beside.replace(self._path)


def _digest(ran: Ran) -> str:
    return sha256(repr((ran.codes, sorted(ran.parts.items()))).encode()).hexdigest()


def compare(
    lines: Sequence[Line], pairs: Sequence[tuple[Checkout, Checkout]], memory: Memory
) -> Iterator[tuple[Line, Ran, Ran, bool]]:
    """Yield each line with what both checkouts give, and whether a fresh Python gives the same."""
    free: SimpleQueue[tuple[Checkout, Checkout]] = SimpleQueue()
    for pair in pairs:
        free.put(pair)
    every = max(1, len(lines) // FRESH)

    def both(numbered: tuple[int, Line]) -> tuple[Line, Ran, Ran, bool]:
        number, line = numbered
        old, new = free.get()
        try:
            was = now = new.run(line)
            if not memory.is_known(line, now):
                was = old.run(line)
                memory.keep(line, was)
            same = number % every > 0 or new.run(line, fresh=True) == now
        finally:
            free.put((old, new))
        return line, was, now, same

    with ThreadPoolExecutor(len(pairs)) as pool:
        yield from pool.map(both, enumerate(lines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, say what differs, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("command", nargs="*", help="only lines with these commands")
    parser.add_argument("--match", default="", help="only lines in which this is found")
    parser.add_argument("--one-in", type=int, default=1, help="only each N-th line", metavar="N")
    parser.add_argument("--known", type=Path, help="a file that keeps what OLD gives, for speed")
    parser.add_argument("--gaps", action="store_true", help="name what no line reaches")
    asked = parser.parse_intermixed_args(arguments)
    plan = yaml.safe_load((HERE / "samebytes.yaml").read_text("utf-8"))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="samebytes-") as name:
        code = _compared(asked, plan, Path(name).resolve())
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return code


def _compared(asked: argparse.Namespace, plan: Mapping[str, Any], home: Path) -> int:
    inputs = home / "inputs"
    inputs.mkdir()
    make_inputs(plan, asked.old, inputs)
    every = lines_of(plan, inputs)
    lines = [line for line in every if _is_asked(line, asked)][:: asked.one_in]
    if not lines:
        raise SystemExit("no line is asked for")
    memory = Memory(asked.known, asked.old, plan)
    for side, checkout in (("was", asked.old), ("now", asked.new)):
        shutil.copytree(checkout, home / side / "house", ignore=LEFT_OUT)
    given = _state(inputs)
    pairs = [
        (Checkout(home / "was" / "house", inputs, n), Checkout(home / "now" / "house", inputs, n))
        for n in map(str, range(min(os.cpu_count() or 1, len(lines))))
    ]
    reached, told = Reached(asked.new), Told([Explained(**each) for each in plan["explained"]])
    for line, was, now, same in compare(lines, pairs, memory):
        told.take(line, was, now, same=same)
        if asked.gaps:
            reached.take(line, now)
    memory.write()
    if len(lines) == len(every):
        line, now = Line("(scripts/generate.py)", []), pairs[0][1].made()
        told.take(line, pairs[0][0].made(), now)
        reached.take(line, now)
    for pair in pairs:
        for checkout in pair:
            checkout.end()
    if _state(inputs) != given:
        told.faults.append("an input was changed")
    told.end(asked.new, whole=len(lines) == len(every))
    if asked.gaps:
        gaps = [*reached.gaps(), *plan["unreached"]]
        sys.stdout.writelines(f"not reached: {gap}\n" for gap in gaps)
    return 1 if told.differ or told.faults else 0


def _is_asked(line: Line, asked: argparse.Namespace) -> bool:
    commands = {word for step in line.steps for word in step.arguments[:1]}
    return (not asked.command or bool(commands & set(asked.command))) and asked.match in line.text


def _state(folder: Path) -> list[tuple[Path, int, int]]:
    stats = ((path, path.lstat()) for path in sorted(folder.rglob("*")))
    return [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]


class Told:
    """What has been found, said as it comes: differences, explained or not, and other faults."""

    def __init__(self, explained: Sequence[Explained]) -> None:
        self._explained = dict.fromkeys(explained, 0)
        self._ran = 0
        self.differ: list[str] = []
        self.faults: list[str] = []

    def take(self, line: Line, was: Ran, now: Ran, *, same: bool = True) -> None:
        """Judge one line."""
        self._ran += 1
        if self._ran % PACE == 0:
            sys.stderr.write(f"{self._ran} lines, {len(self.differ)} differ\n")
        if not same:
            self.faults.append(f"another answer in a fresh Python: {line.text}")
        if BUG in now.codes and BUG in was.codes:
            sys.stdout.write(f"a bug in both (exit code {BUG}): {line.text}\n")
        if was == now:
            return
        found = explanations(line, was, now, self._explained)
        for each in found:
            self._explained[each] += 1
        if found:
            return
        self.differ.append(f"DIFFERS {line.text}")
        if len(self.differ) <= IN_FULL:
            rows = [self.differ[-1], *differences(was, now)]
            sys.stdout.writelines(f"{row}\n" for row in rows)
            sys.stdout.flush()

    def end(self, new: Path, *, whole: bool) -> None:
        """Say the rest: explained differences, further faults, counts."""
        for each, count in self._explained.items():
            path, _, test = each.test.partition("::")
            if not (new / path).is_file() or f"def {test}(" not in (new / path).read_text("utf-8"):
                self.faults.append(f"there is no test {each.test}, which explains {each.line}")
            if count or whole:
                sys.stdout.write(f"explained {count}: {each.line}: {each.reason} ({each.test})\n")
        rest = [*self.differ[IN_FULL:], *self.faults]
        sys.stdout.writelines(f"{fault}\n" for fault in rest)
        differ, faults = len(self.differ), len(self.faults)
        sys.stdout.write(f"{self._ran} lines, {differ} differ, {faults} other faults\n")


if __name__ == "__main__":
    sys.exit(main())
