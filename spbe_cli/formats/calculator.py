"""A form as a self-contained page: filled in, scored and saved in any browser, by itself."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from spbe_cli.core.assessment import Stage
from spbe_cli.core.evidence import is_cumulative
from spbe_cli.core.institution import CATEGORIES, PROVINCES
from spbe_cli.core.instrument import Basis, Criteria, Indicator, Instrument, Status
from spbe_cli.core.number import exact
from spbe_cli.core.units import (
    Units,
    least_index_on,
    steps_in_level,
    units_of,
)
from spbe_cli.formats.blocks import Radar, RadarLine
from spbe_cli.formats.forms import Form
from spbe_cli.formats.html import in_script, rendered
from spbe_cli.formats.page_data import instrument_data
from spbe_cli.formats.svg import radar
from spbe_cli.words import LANGUAGES, Words

_LEAST_AXES, _MOST_RINGS = 3, 10


def form_html(form: Form, words: Words) -> str:
    """Return the page. It says everything in both languages and begins with that of the words."""
    instrument = form.instrument
    spoken = {each: Words(each) for each in LANGUAGES}
    said = {language: _said(each) for language, each in spoken.items()}
    data = {
        language: instrument_data(instrument, form.year, each) for language, each in spoken.items()
    }
    sheet = _sheet(form)
    return rendered(
        "calculator.html",
        "scoring.js",
        "sheet.js",
        "calculator.js",
        styles=("calculator.css",),
        title=f"{instrument.index_name}: {instrument.title}",
        language=words.language,
        instrument=instrument,
        said=said[words.language],
        stages=list(Stage),
        choices={"category": CATEGORIES, "province": PROVINCES},
        radar=_radar(instrument),
        is_provisional=instrument.status is Status.PROVISIONAL,
        sheet=in_script(_json(sheet)),
        data=in_script(_json(data)),
        words=in_script(_json(said)),
    )


def _radar(instrument: Instrument) -> Markup:
    """Return the chart that the script draws in: outlines at the top of every axis, no values."""
    axes = [group for group, _, _ in instrument.nodes if group.indicators]
    if len(axes) < _LEAST_AXES:
        return Markup("")
    highest = instrument.scale.highest
    rings = [Fraction(ring) for ring in range(1, int(highest) + 1)]
    rings = [ring for ring in rings[:_MOST_RINGS] if ring < highest] + [highest]
    lines = [RadarLine(each, [highest] * len(axes), [""] * len(axes)) for each in ("now", "was")]
    codes = [(group.code, group.name) for group in axes]
    chart = Radar("", "", codes, lines, [(ring, exact(ring)) for ring in rings])
    return Markup(radar(chart, "chart"))  # noqa: S704 - svg.py escapes


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sheet(form: Form) -> dict[str, Any]:
    """Return what the page needs besides the arithmetic: who, when, criteria, and rules by year."""
    instrument, units = form.instrument, units_of(form.instrument)
    scale = instrument.scale
    return {
        "id": instrument.id,
        "name": form.instrument_name or instrument.id,
        "institution": form.institution,
        "year": form.year,
        "years": [instrument.first_year, instrument.last_year],
        "most": units.steps(scale.highest),
        "lowest": [scale.lowest.numerator, scale.lowest.denominator],
        "step": [units.counted.each.numerator, units.counted.each.denominator],
        "rises": _rises(units),
        "bands": [
            [exact(band.level), units.steps(band.start), units.steps(band.end)]
            for band in scale.bands
        ],
        "levels": [] if scale.bands else [exact(level) for level in scale.levels()],
        "stages": list(Stage),
        "periods": [[period.first_year, period.basis] for period in instrument.basis],
        "bases": {basis: _basis(instrument, units, basis) for basis in Basis},
        "also": {
            other: place for place, each in enumerate(instrument.indicators) for other in each.also
        },
        "criteria": [
            _criteria(form.criteria.get(each.code), instrument, each)
            for each in instrument.indicators
        ],
    }


def _rises(units: Units) -> list[int]:
    """Return what one level more leads to: the bounds of the bands, or by how many steps."""
    scale = units.scale
    if scale.bands and scale.step is None:
        return [units.steps(band.start) for band in scale.bands] + [units.steps(scale.highest)]
    return [steps_in_level(scale)]


def _basis(instrument: Instrument, units: Units, basis: Basis) -> dict[str, list[Any]]:
    """Return the fewest units of every predicate, and the least exact index, on a basis."""
    least = [least_index_on(instrument, each, basis) for each in instrument.predicates]
    return {
        "units": [units.least_for(each, basis) for each in instrument.predicates],
        "index": [[each.numerator, each.denominator] for each in least],
    }


def _criteria(
    criteria: Criteria | None, instrument: Instrument, indicator: Indicator
) -> dict[str, Any] | None:
    if criteria is None:
        return None
    levels = sorted({*criteria.levels, *criteria.evidence})
    return {
        "about": criteria.about,
        "levels": [
            {
                "level": exact(level),
                "name": _name(instrument, indicator, level),
                "says": criteria.levels.get(level, ""),
                "pieces": [
                    [text, is_cumulative(text)] for text in criteria.evidence.get(level, ())
                ],
            }
            for level in levels
        ],
    }


def _name(instrument: Instrument, indicator: Indicator, level: Fraction) -> str:
    """Return a level with its name, for the criteria of it."""
    name = instrument.level_name(indicator, level)
    return name if instrument.scale.bands else f"{exact(level)} {name}".strip()


def _said(words: Words) -> dict[str, str]:
    """Return everything that the page says in one language; its script fills in {places}."""
    said = {
        "point": words("Fill in this page and it shows the index at once. Nothing is sent: what "
            "you fill in stays on this device until you save it."),
        "other": words("Language"),
        "result": words("Result"),
        "institution": words("Institution"),
        "category": words("Category"),
        "province": words("Province"),
        "year": words("Year"),
        "stage": words("Stage"),
        "instrument": words("Instrument"),
        "code": words("Code"),
        "name": words("Name of the indicator"),
        "level": words("Level"),
        "note": words("Note"),
        "evidence": words("Evidence"),
        "evidence_lines": words("Evidence, one a line"),
        "responsible": words("Responsible"),
        "details": words("Criteria, evidence and note"),
        "details_of": words("Note, evidence and responsible unit"),
        "optional": words("optional"),
        "head": words("Assessment"),
        "levels": words("Levels"),
        "save": words("Save"),
        "save_csv": words("Save as CSV"),
        "open": words("Open a file"),
        "print": words("Print"),
        "clear": words("Start anew"),
        "gain": words("The number beside a level is what one level more adds to the index."),
        "drop": words("A saved file (JSON or CSV) can also be dropped onto this page."),
        "filled": words("{filled} of {count} levels"),
        "range": words("possible: {lowest} to {highest}"),
        "distance": words("{points} points to {predicate}"),
        "top": words("the highest predicate"),
        "now": words("Now"),
        "was": words("Before"),
        "before": words("before: {value}"),
        "from_evidence": words("from the evidence: {value}"),
        "opened": words("{file} was opened: {filled} of {count} levels."),
        "saved": words("{file} was saved; spbe score reads it."),
        "draft": words("The draft that this browser kept was opened."),
        "cleared": words("Everything was cleared."),
        "sure": words("Clear everything that is filled in?"),
        "not_read": words("{file} was not opened: {reason}."),
        "no_sheet": words("it is neither JSON nor CSV of a score sheet"),
        "stages": words("it holds several stages; save one of them as a sheet of its own"),
        "other_instrument": words("it is of the instrument {found}"),
        "unknown": words("there is no indicator {found}"),
        "repeated": words("indicator {found} stands there twice"),
        "other_name": words("beside indicator {code} stands the name of another: {found}"),
        "repeated_key": words("{found} stands there twice"),
        "provisional": words("PROVISIONAL: the weights and thresholds are not confirmed"),
        "wrong_level": words("indicator {code} has the level {found}, which is not on the scale"),
        "wrong_evidence": words("indicator {code} accepts evidence that is not listed: {found}"),
        "wrong_year": words("{found} is no year"),
        "wrong_stage": words("{found} is no stage"),
        "wrong_key": words("it holds {found}, which this page does not keep"),
        "year_outside": words("This instrument is not the one of that year."),
        "csv_ticks": words("CSV keeps levels; which evidence is ticked is kept in JSON only."),
    }  # fmt: skip
    stages = {f"stage {stage}": words(f"stage {stage}").removeprefix("stage ") for stage in Stage}
    comma = words.number(Fraction(0), 1)[1]
    return {**said, **stages, "decimal": comma, "separator": ";" if comma == "," else ","}
