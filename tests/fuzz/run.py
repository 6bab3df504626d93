"""Hostile inputs: `python tests/fuzz/run.py [--seconds N] [--seed S] [TARGET ...]`.

Each target makes an input by a seeded chance out of the project's own files and holds what must be
true of whatever comes of it (tests/fuzz/targets.py): no exception, no exit code 70, nothing above
five seconds or a gibibyte, no wrong score that is accepted. The time is shared by the targets, or
each runs `--executions` times. Prints the counts; a failure is made as small as it can be and kept
in a folder. Exits with 1 if there was one.
"""

import argparse
import faulthandler
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from spbe_cli.read.text import File

LONGEST = 5
"""Seconds of processor time that one input may take."""
MOST_MEMORY = 1024
"""MiB that one input may take."""
_SMALLER = 200
"""How many smaller inputs are tried for a failure."""
_COLLECTED = 25
_LONGEST_SEED = 80
_MOST_ADDRESSES = 8 * 1024**3
_KEPT = 5
"""How many failures of one kind are kept."""


class TooLongError(BaseException):
    """An input takes longer than any may."""


def kind_of(error: BaseException) -> str:
    """Return what an error is, and where it comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "spbe_cli" in frame.filename] or frames
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} at {where}"


def outcome(check: Any, file: File) -> tuple[str, str] | None:  # noqa: ANN401
    """Return what is wrong with what comes of an input: its kind, and its sentence."""

    def too_long(*_: object) -> None:
        raise TooLongError(f"more than {LONGEST} s")

    signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        check(file)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  (a panic of a library is no Exception)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return kind_of(error), f"{error}"[:2000]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


def smaller(check: Any, file: File, kind: str) -> File:  # noqa: ANN401
    """Return the smallest input found that fails in the same way."""
    tries, size = 0, max(len(file.content) // 2, 1)
    while size and tries < _SMALLER:
        at = 0
        while at < len(file.content) and tries < _SMALLER:
            candidate = file._replace(content=file.content[:at] + file.content[at + size :])
            tries += 1
            found = outcome(check, candidate)
            if found is not None and found[0] == kind:
                file = candidate
            else:
                at += size
        size //= 2
    return file


def one_target(name: str, *, seconds: float, executions: int, first: int, folder: Path) -> None:
    """Run a target in this process, and print its counts as JSON at the end."""
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSES,) * 2)  # not the machine's memory
    import logging

    logging.disable()
    from fuzz.targets import TARGETS

    target = TARGETS[name]
    journal = _Journal(folder / f"{name.replace(' ', '-')}.last")
    kinds: Counter[str] = Counter()
    begun, done, slowest = time.perf_counter(), 0, 0.0
    while (done < executions) if executions else (time.perf_counter() - begun < seconds):
        seed = f"{first} {name} {done}"
        journal.note(seed)
        file = target.make(Random(seed))
        started = time.process_time()
        found = outcome(target.check, file)
        slowest = max(slowest, time.process_time() - started)
        done += 1
        if done % _COLLECTED == 0:
            gc.collect()  # a run of the command line does not live long enough to
        if found is not None:
            kinds[found[0]] += 1
            if kinds[found[0]] <= _KEPT:
                _keep(folder, name, seed, smaller(target.check, file, found[0]), found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    journal.close()
    print(json.dumps({"done": done, "kinds": kinds, "slowest": round(slowest, 2), "peak": peak}))  # noqa: T201


class _Journal:
    """Which seed is being tried, for whoever finds that the process has died of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream = path.open("wb", buffering=0)

    def note(self, seed: str) -> None:
        """Write the seed over the one before."""
        self._stream.seek(0)
        self._stream.write(seed.ljust(_LONGEST_SEED).encode())

    def close(self) -> None:
        """Nothing died: there is nothing to be told."""
        self._stream.close()
        self._path.unlink()


def _keep(folder: Path, name: str, seed: str, file: File, found: tuple[str, str]) -> None:
    stem = f"{name}-{found[0]}-{seed.rpartition(' ')[2]}".replace(" ", "-").replace(":", "-")
    (folder / f"{stem}--{file.path}").write_bytes(file.content)
    (folder / f"{stem}.txt").write_text(f"seed {seed}\n{found[0]}: {found[1]}\n", "utf-8")


def in_own_process(name: str, asked: argparse.Namespace, seconds: float) -> dict[str, Any]:
    """Run a target in a process of its own, whose end is a failure like any other."""
    command = [sys.executable, __file__, "--target", name, "--seconds", str(seconds)]
    command += ["--executions", str(asked.executions), "--seed", str(asked.seed)]
    command += ["--failures", str(asked.failures)]
    environment = {**os.environ, "SPBE_LANG": "en", "COLUMNS": "80"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    try:
        counted: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        last = asked.failures / f"{name.replace(' ', '-')}.last"
        seed = last.read_text().strip() if last.exists() else "?"
        reason = f"the process ended with {done.returncode}, seed {seed}: {done.stderr[-1500:]}"
        return {"done": 0, "kinds": {reason: 1}, "slowest": 0, "peak": 0}
    return counted


def main() -> int:
    """Run the targets that are asked for, one after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument(
        "--executions", type=int, default=0, help="of each target, whatever it takes"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--failures", type=Path, default=Path(tempfile.gettempdir(), "spbe-failures")
    )
    parser.add_argument("--target", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    asked = parser.parse_args()
    asked.failures.mkdir(parents=True, exist_ok=True)
    if asked.target:
        one_target(
            asked.target,
            seconds=asked.seconds,
            executions=asked.executions,
            first=asked.seed,
            folder=asked.failures,
        )
        return 0
    from fuzz.targets import TARGETS

    names = asked.targets or list(TARGETS)
    together, broken = 0, 0
    for name in names:
        counted = in_own_process(name, asked, asked.seconds / len(names))
        together += counted["done"]
        failed = sum(counted["kinds"].values()) + (counted["peak"] > MOST_MEMORY)
        broken += failed
        print(  # noqa: T201
            f"{name:16}{counted['done']:8} executions, {failed} failures, "
            f"slowest {counted['slowest']} s, most memory {counted['peak']} MiB",
            flush=True,
        )
        for kind, times in counted["kinds"].items():
            print(f"    {times:6} {kind}")  # noqa: T201
    print(f"{together} executions, {broken} failures (seed {asked.seed}), kept in {asked.failures}")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
