"""What the page of a report needs to know to score other levels by itself."""

import json

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.report import Report
from spbe_cli.core.units import step_of
from spbe_cli.formats.blocks import WhatIf
from spbe_cli.formats.page_data import instrument_data
from spbe_cli.words import Words

_told: dict[tuple[int, int | None, str], tuple[Instrument, str]] = {}


def whatif_of(report: Report, words: Words) -> WhatIf:
    """Return what a page needs to know to score other levels by itself."""
    card = report.card
    scale = card.instrument.scale
    step = step_of(scale)
    levels = {score.level for score in card.indicators}
    counts = {level: round((level - scale.lowest) / step) for level in levels}
    steps = [counts[score.level] for score in card.indicators]
    target = "" if scale.target is None else words.exact(scale.target)
    return WhatIf(_instrument_json(card.instrument, card.assessment.year, words), steps, target)


def _instrument_json(instrument: Instrument, year: int | None, words: Words) -> str:
    """Return an instrument as the page's script reads it, made once a year and language."""
    key = (id(instrument), year, words.language)
    if key not in _told:  # the instrument is held as well, so that its id stays its own
        data = instrument_data(instrument, year, words)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        _told[key] = (instrument, text)
    return _told[key][1]
