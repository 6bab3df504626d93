"""What the harness found, each as small as it was made."""

from pathlib import Path

import pytest

from spbe_cli.read.choice import Wishes
from spbe_cli.read.published import read_population


@pytest.mark.parametrize("unseen", ["\ufeff", "\u200b", "\u2060"])
def test_a_row_of_characters_that_nobody_sees(tmp_path: Path, unseen: str) -> None:
    (tmp_path / "x.csv").write_bytes(f"instansi;predikat\n{unseen}\n".encode("utf-16-le"))
    members, problems = read_population([str(tmp_path / "x.csv")], Wishes())
    assert members == []
    assert problems
