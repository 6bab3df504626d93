"""Which old evidence serves again, and which other evaluations feed an instrument."""

from collections.abc import Iterator, Sequence

from spbe_cli.core.carried import Carried, CarriedTable, Use
from spbe_cli.core.external import External
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import fixed
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


def carried_page(
    before: Instrument, after: Instrument, table: CarriedTable, words: Words
) -> Section:
    """Return a row for each later indicator: the earlier ones whose evidence serves it again."""
    columns = [
        Column(after.id),
        Column(words("Name")),
        Column(words("Evidence of {id}", id=before.id)),
        Column(words("Use")),
    ]
    rows = [
        Row(
            (
                Cell(code),
                Cell(after.indicator_by_code[code].name),
                Cell(", ".join(each.before) or "-"),
                Cell(_use(each, words)),
            )
        )
        for code, each in table.by_code.items()
    ]
    heading = words(
        "Evidence that serves again: {before}, {after}", before=before.id, after=after.id
    )
    seconds = [Line(text) for code in table.by_code for text in _second(table, code, words)]
    standing = Line(_standing(table, words), Tone.POOR)
    return Section(heading, [standing, Table(columns, rows), *seconds])


def serves_lines(before: str, code: str, table: CarriedTable, words: Words) -> Iterator[Line]:
    """Yield which evidence for an earlier instrument serves a later indicator again."""
    each = table.by_code.get(code)
    if each is None:
        return
    said = words(
        "Evidence of {before} that serves again: {codes} ({use})",
        before=before,
        codes=", ".join(each.before) or "-",
        use=_use(each, words),
    )
    yield Line(said)
    yield from (Line(text) for text in _second(table, code, words))
    yield Line(_standing(table, words), Tone.POOR)


def served_lines(
    later: Sequence[tuple[Instrument, CarriedTable]], code: str, words: Words
) -> Iterator[Line]:
    """Yield which later indicators the evidence for an earlier one serves again."""
    for instrument, table in later:
        serving = [f"{each} ({_use(table.by_code[each], words)})" for each in table.serving(code)]
        if serving:
            said = words(
                "Its evidence serves again in {id}: {codes}",
                id=instrument.id,
                codes=", ".join(serving),
            )
            yield Line(said)
            yield Line(_standing(table, words), Tone.POOR)


def _standing(table: CarriedTable, words: Words) -> str:
    source = table.source[words.language]
    if table.official:
        return words("Source: {source}. No value is converted.", source=source)
    return words("UNOFFICIAL, source: {source}. No value is converted.", source=source)


def _second(table: CarriedTable, code: str, words: Words) -> Iterator[str]:
    each = table.by_code[code]
    if each.second:
        yield words(
            "{code}: a second source ({source}) lists {codes}",
            code=code,
            source=table.second_source,
            codes=", ".join(each.second),
        )


def _use(each: Carried, words: Words) -> str:
    use = _use_name(each.use, words)
    if each.another is None:
        return use
    another = _use_name(each.another, words)
    return words("{use}; in another version: {another}", use=use, another=another)


def _use_name(use: Use, words: Words) -> str:
    match use:
        case Use.REUSE:
            return words("serves as it is")
        case Use.UPDATE:
            return words("to be updated")
        case Use.PARTLY:
            return words("new, partly from it")
        case Use.NEW:
            return words("new")


def external_lines(instrument: Instrument, words: Words, code: str | None = None) -> Iterator[Line]:
    """Yield what becomes of the indices of other evaluations: of all, or of one indicator's."""
    for external in instrument.external:
        conditions = [each.indicator for each in external.conditions]
        if code is None or code in (*external.gives, *conditions):
            yield Line(_external(external, instrument, words))


def _external(external: External, instrument: Instrument, words: Words) -> str:
    name = f"{external.code}, {external.name} ({external.owner})"
    points = ", ".join(
        f"{words.exact(index)} = {fixed(value, instrument.places, comma=words.language == 'id')}"
        for index, value in external.points
    )
    values = {"name": name, "points": points, "source": external.source}
    if not external.gives:
        conditions = ", ".join(
            each.indicator
            if each.level is None
            else words(
                "{code} from level {level}",
                code=each.indicator,
                level=words.exact(each.level),
            )
            for each in external.conditions
        )
        return words(
            "{name} conditions the levels of indicator {codes}: {points} ({source})",
            codes=conditions,
            **values,
        )
    codes = instrument.listed(external.gives)
    if external.inferred:
        return words(
            "{name} gives indicator {codes}: {points}; straight on between is inferred ({source})",
            codes=codes,
            **values,
        )
    return words(
        "{name} gives indicator {codes}: {points}, straight on between them ({source})",
        codes=codes,
        **values,
    )
