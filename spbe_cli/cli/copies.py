"""Many things made by copies of this process, where there are processors for them."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, TypeVar, cast

from spbe_cli.cli.files import requests_held
from spbe_cli.read.fork import Copy, copy_for, end

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

FEWEST = 40
"""From how many things on they are shared out: fewer are made while copies would still begin."""

_MOST_COPIES = 4
"""Each takes memory of its own."""

_PART = 10
"""How many things a copy is handed at a time."""

Thing = TypeVar("Thing")


@contextmanager
def shared_out(
    make: Callable[[int], Thing], count: int, *, alone: bool = False
) -> Iterator[Iterator[Thing]]:
    """Give what `make` returns for each number below `count`, in their order.

    Copies of this process make it, as many as there are processors; where there is one, the system
    makes no copies, or one process `alone` is to make it, it is made here. So is what a copy fails
    at: whatever is wrong is then found and said as if there were none. To be entered before threads
    begin, which a copy lacks.
    """
    copies: list[Copy] = []
    number = 0 if alone else copies_for(count)
    first = [make(0)] if number else []  # with what it loads and keeps, which copies have then
    try:
        for _ in range(number):
            copy = copy_for(lambda way: _make_for(way, make), [each.way for each in copies])
            if copy is None:
                break
            copies.append(copy)
        rest = range(len(first), count)
        yield chain(first, _made(make, rest, [each.way for each in copies]))
    finally:
        if copies:
            with requests_held():  # another request to end must leave none of them at work
                for each in copies:
                    end(each, signal.SIGKILL)


def copies_for(count: int) -> int:
    """Return how many copies are worth their while."""
    if count < FEWEST or not hasattr(os, "fork"):
        return 0
    own = getattr(os, "sched_getaffinity", None)  # which processors we may take: not everywhere
    processors = len(own(0)) if own is not None else os.cpu_count() or 1
    return min(processors, _MOST_COPIES) if processors > 1 else 0


def _make_for(way: "Connection", make: Callable[[int], object]) -> None:
    """Make one part after the other, as long as somebody asks; the first fault ends it."""
    while True:
        made = []
        for number in way.recv():
            if way.poll():  # nothing else comes than that whoever asked has been killed
                return
            made.append(make(number))
        way.send(made)


def _made(
    make: Callable[[int], Thing], numbers: range, ways: "Sequence[Connection]"
) -> Iterator[Thing]:
    """Yield everything in order; what no copy has made is made here."""
    from multiprocessing.connection import wait

    parts = [numbers[at : at + _PART] for at in range(0, len(numbers), _PART)]
    coming = deque(parts)
    asked: dict[Connection, range] = {}
    made: dict[range, list[Thing]] = {}

    def ask(way: "Connection") -> None:
        if coming:
            asked[way] = coming.popleft()
            with suppress(OSError):  # it has died, which is seen when it should answer
                way.send(asked[way])

    for way in ways:
        ask(way)
    for part in parts:
        while part in asked.values():
            for each in wait(asked):
                way = cast("Connection", each)
                own = asked.pop(way)
                with suppress(EOFError, OSError):  # it has died, and is asked no more
                    made[own] = way.recv()
                    ask(way)
        if coming and coming[0] == part:  # there is no copy left
            coming.popleft()
        yield from made.pop(part, None) or map(make, part)
