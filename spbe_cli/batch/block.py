"""What the engine must know of a block of text, in plain values."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument

__all__ = ["WHO", "BlockColumns", "BlockSetting"]

WHO = ("institution", "category", "province")
"""Whose a row is."""


class BlockColumns(NamedTuple):
    """Where things stand in a row: one column each, by the role's name; levels from the left."""

    width: int
    delimiter: str
    who: Mapping[str, int]
    deciding: Mapping[str, int]
    levels: Sequence[int]


class BlockSetting(NamedTuple):
    """How rows with the same year, stage and instrument are scored.

    `who` holds the institution, category and province that stand above the table for all rows;
    `places` the levels' columns in the order of the instrument, `ticks` what their texts mean;
    `origin` is whatever the caller knows the setting by.
    """

    instrument: Instrument
    year: int | None
    stage: str | None
    notices: str
    who: Mapping[str, str]
    places: Sequence[int]
    ticks: Mapping[str, int | None]
    origin: object = None
