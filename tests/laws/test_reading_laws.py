"""A known sheet gives its index however it is disturbed; a changed one never the old in silence.

`tests/fuzz/reading.py` does the same ten thousand times.
"""

import os
from collections import Counter
from random import Random

from support.disturbed import (
    CHANGE,
    disturbed,
    file_of,
    index_of,
    index_read,
    is_as_before,
    notices,
    read,
)

NUMBER = int(os.environ.get("SPBE_DISTURBED", "250"))


def test_what_keeps_the_meaning_keeps_the_index() -> None:
    outcomes: Counter[bool] = Counter()
    for seed in range(NUMBER):
        sheet = disturbed(Random(seed))
        index = index_read(read(file_of(sheet)))
        assert index in (None, index_of(sheet.instrument, sheet.levels)), (seed, sheet.done)
        outcomes[index is not None] += 1
    assert outcomes[True] * 100 >= NUMBER * 95


def test_what_changes_the_meaning_never_gives_the_old_levels_in_silence() -> None:
    for seed in range(NUMBER):
        sheet = disturbed(Random(seed), 3)
        before = read(file_of(sheet))
        random = Random(seed)
        change = random.choice(CHANGE)
        content = file_of(sheet).content
        change(sheet, random)
        after = file_of(sheet)
        found = read(after)
        if after.content != content and index_read(found) is not None:
            silent = is_as_before(found, sheet) and notices(found) == notices(before)
            assert not silent, (seed, change.__name__, sheet.done)
