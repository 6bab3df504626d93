"""Work on several things at once, and take them in their order."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["worked_ahead"]

_WORKERS = 2
"""More threads than this do not help: the engine has threads of its own."""

Item = TypeVar("Item")
Done = TypeVar("Done")


def worked_ahead(
    work: Callable[[Item], Done], items: Iterator[Item]
) -> Iterator[tuple[Item, Done]]:
    """Yield each item with what the work on it gives, in order, the next being worked on already.

    At most three items are there at once, so that memory does not grow with their number.
    """
    coming: deque[tuple[Item, Future[Done]]] = deque()
    with ThreadPoolExecutor(_WORKERS) as pool:
        try:
            for item in items:
                coming.append((item, pool.submit(work, item)))
                if len(coming) > _WORKERS:
                    first, future = coming.popleft()
                    yield first, future.result()
            while coming:
                first, future = coming.popleft()
                yield first, future.result()
        finally:
            for _, future in coming:
                future.cancel()
