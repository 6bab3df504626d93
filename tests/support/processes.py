"""What is left of processes that were begun and told to end."""

import os
import time

__all__ = ["is_left"]


def is_left(group: int) -> bool:
    """Return whether a process of a group is still there after a while."""
    for _ in range(500):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.02)
    return True
