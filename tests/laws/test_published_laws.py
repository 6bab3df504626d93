"""Published tables and our own outputs are read back to what they hold, whatever their form."""

from pathlib import Path
from random import Random

import pytest
from support.batched import batched
from support.republished import difference, national, republished

from spbe_cli.core.problem import errors_of
from spbe_cli.read.choice import Wishes
from spbe_cli.read.published import read_population

NATIONAL = national()


@pytest.mark.parametrize("seed", range(5_000, 5_060))
def test_parts_of_the_national_table_are_read_back(seed: int, tmp_path: Path) -> None:
    made = republished(Random(seed), NATIONAL)
    path = tmp_path / f"tabel{made.ending}"
    path.write_bytes(made.content)
    members, problems = read_population([str(path)], Wishes())
    assert errors_of(problems) == []
    assert sum(problem.code == "row-not-read" for problem in problems) == made.left_out
    assert difference(made, members) == ""


@pytest.mark.parametrize("seed", range(5_000, 5_020))
def test_what_batch_writes_is_read_back(seed: int, tmp_path: Path) -> None:
    assert batched(Random(seed), tmp_path)[0] == ""
