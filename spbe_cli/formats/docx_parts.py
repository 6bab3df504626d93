"""The parts of a report in Word: tables, the scale of the index, a chart that Word draws.

Written as one piece of XML: cell by cell through the library it takes twenty times as long.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from spbe_cli.formats.blocks import (
    COLOURS,
    Cell,
    Column,
    Ladder,
    Lines,
    Radar,
    Signing,
    Table,
    Tone,
    bar_text,
    harmless,
    spoken,
)
from spbe_cli.formats.svg import name_lines

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RULE, _SHADE, _BAR = "AAB4BD", "F2F5F7", "0B4F72"
_RIGHT = '<w:jc w:val="right"/>'
_SIZE, _BAR_SIZE = 17, 11  # half points
_CHARACTER, _BOLD_CHARACTER, _PADDING = 90, 118, 280  # twentieths of a point
_WIDEST, _WIDEST_NAME, _WIDEST_BAR, _NARROWEST = 4000, 5000, 2600, 1700
_NUMBER = 7  # characters of a word that is a number or a code
_LONGEST_WORD = 14  # characters of a word that a column has room for
_BAR_CHARACTERS = 10
_SHORT, _TOGETHER = 18, 2  # rows of a table that is not divided, rows that stay with the headings
_UNDERLINED = '<w:b/><w:u w:val="single"/>'
_BANDS = ("F0F2F4", "DDE2E7")
INDONESIAN = '<w:lang w:val="id-ID"/>'
"""What tells a screen reader in which language a run is, in a text of another one."""


def table_element(
    table: Table, width: int, about: str, names: tuple[str, ...], *, stays: bool = False
) -> Any:  # noqa: ANN401
    """Return the element of a table that is `width` twentieths of a point wide.

    One that `stays` is on the page of what follows it.
    """
    widths = _widths(table, width)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>'
        for side in ("top", "bottom", "insideH")
    )
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    return parse_xml(
        f'<w:tbl xmlns:w="{_WORD}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblDescription w:val="{_safe(table.caption or about)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(_rows(table, widths, names, stays))}</w:tbl>"
    )


def ladder_element(ladder: Ladder, width: int, names: tuple[str, ...]) -> Any:  # noqa: ANN401
    """Return the scale of the index as a table: marks, predicates, and where each begins."""
    lowest, highest = ladder.bands[0][1], ladder.top[0]
    ends = [*(low for _, low, _ in ladder.bands[1:]), highest]
    lows = [low for _, low, _ in ladder.bands]
    widths = [
        int((high - low) / (highest - lowest) * width) for low, high in zip(lows, ends, strict=True)
    ]
    marks: list[list[str]] = [[] for _ in lows]
    for place, (label, value) in enumerate(ladder.marks):
        at = max(0, sum(low <= value for low in lows) - 1)
        marks[at].append(f"{'▽' if place else '▼'} {label}")
    rows = [
        _ladder_row([Cell("  ".join(each), Tone.STRONG) for each in marks], widths, names),
        _ladder_row([Cell(name) for name, _, _ in ladder.bands], widths, names, shaded=True),
        _ladder_row([Cell(shown, Tone.FAINT) for _, _, shown in ladder.bands], widths, names),
    ]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    return parse_xml(
        f'<w:tbl xmlns:w="{_WORD}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblDescription w:val="{_safe(ladder.description)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def signing_element(signing: Signing, width: int) -> Any:  # noqa: ANN401
    """Return who signs, two beside each other, the last one on the right below place and day."""
    signed = (
        [("", "", ""), *signing.signatories]
        if len(signing.signatories) % 2
        else signing.signatories
    )
    half = width // 2
    column = f'<w:gridCol w:w="{half}"/>'
    rows = [_signing_row(["", _signed(signing.where)], half)] if signing.where else []
    rows += [
        _signing_row([_signatory(*one), _signatory(*other)], half)
        for one, other in zip(signed[::2], signed[1::2], strict=True)
    ]
    return parse_xml(
        f'<w:tbl xmlns:w="{_WORD}"><w:tblPr><w:tblW w:w="{2 * half}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{column}{column}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


def _signing_row(cells: Sequence[str], width: int) -> str:
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell or "<w:p/>"}</w:tc>'
        for cell in cells
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{made}</w:tr>"


def _signatory(position: str, name: str, number: str) -> str:
    """Return position, room to sign, name and number, all on one page."""
    if not name:
        return ""
    above = _signed(position, before=240) if position else ""
    below = _signed(number) if number else ""
    return f"{above}{_signed(name, _UNDERLINED, 960)}{below}"


def _signed(text: str, look: str = "", before: int = 0) -> str:
    return (
        f'<w:p><w:pPr><w:keepNext/><w:spacing w:before="{before}"/></w:pPr>{_run(text, look)}</w:p>'
    )


def _ladder_row(
    cells: Sequence[Cell], widths: Sequence[int], names: tuple[str, ...], *, shaded: bool = False
) -> str:
    made = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{_BANDS[place % 2]}"/>'
        text = _runs(cell, names, strong=cell.tone is Tone.STRONG)
        middle = '<w:jc w:val="center"/>' if shaded else ""
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill if shaded else ""}</w:tcPr>'
            f'<w:p><w:pPr><w:keepNext/><w:spacing w:before="10" w:after="10"/>{middle}</w:pPr>'
            f"{text}</w:p></w:tc>"
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(made)}</w:tr>"


def _widths(table: Table, width: int) -> list[int]:
    """Share the width: columns get what their texts take, the one that names the rows the rest.

    Where there is not enough, each gets what it must have, and of the rest as much as it lacks.
    """
    needed = [_taken(table, at) for at, _ in enumerate(table.columns)]
    lacks = [max(taken - least, 0) for taken, least in needed]
    rest = width - sum(least for _, least in needed)
    shared = min(rest, sum(lacks))
    found = [
        least + (shared * lack // max(sum(lacks), 1) if rest > 0 else 0)
        for (_, least), lack in zip(needed, lacks, strict=True)
    ]
    others = sum(found) - found[table.row_heading]
    room = width - min(_NARROWEST, width // 3)
    if others > room:  # in a narrow place words are broken, and nothing stands beside the page
        found = [each * room // others for each in found]
        others = sum(found) - found[table.row_heading]
    found[table.row_heading] = width - others
    return found


def _taken(table: Table, at: int) -> tuple[int, int]:
    """Return how wide a column's texts are, and the least that it must have."""
    heading = table.columns[at].heading
    cells = [row.cells[at] for row in table.rows]
    longest = max([len(heading), *(len(cell.text) for cell in cells)])
    words = max((len(word) for cell in cells for word in cell.text.split()), default=0)
    bold = max(map(len, heading.split()), default=0)
    taken = longest * _CHARACTER + _PADDING
    # a number or a code is whole in any font, bold or not
    each = _BOLD_CHARACTER if words <= _NUMBER else _CHARACTER
    least = max(bold * _BOLD_CHARACTER, min(words, _LONGEST_WORD) * each) + _PADDING
    taken = max(taken, least)
    if any(cell.bar is not None for cell in cells):  # it stands behind the text
        taken += _BAR_CHARACTERS // 2 * _CHARACTER
        least = min(taken, _WIDEST_BAR)
    if at == table.row_heading:
        return min(taken, _WIDEST_NAME), max(least, _NARROWEST)
    return min(taken, _WIDEST), least


def _rows(
    table: Table,
    widths: Sequence[int],
    names: tuple[str, ...],
    stay: bool,  # noqa: FBT001
) -> Iterator[str]:
    """Yield the rows; those that stay with the next are kept on its page."""
    headings = [Cell(column.heading) for column in table.columns]
    kept = len(table.rows) - 1 if len(table.rows) <= _SHORT else _TOGETHER
    looks = (table.columns, widths, names)
    yield _row(headings, looks, "<w:tblHeader/>", strong=True, kept=bool(table.rows))
    for place, row in enumerate(table.rows):
        last = len(table.rows) - place <= _TOGETHER and place < len(table.rows) - 1
        leads = row.section and place < len(table.rows) - 1
        stays = place < kept or last or leads or (stay and place == len(table.rows) - 1)
        yield _row(row.cells, looks, strong=row.section, shaded=row.section, kept=stays)


def _row(  # noqa: PLR0913
    cells: Sequence[Cell],
    looks: tuple[Sequence[Column], Sequence[int], tuple[str, ...]],
    header: str = "",
    *,
    strong: bool,
    shaded: bool = False,
    kept: bool = False,
) -> str:
    columns, widths, names = looks
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_SHADE}"/>' if shaded else ""
    keep = "<w:keepNext/>" if kept else ""
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr>{keep}<w:spacing w:before="10" w:after="10"/>'
        f"{_RIGHT if column.numeric else ''}</w:pPr>"
        f"{_runs(cell, names, strong=strong or cell.tone is Tone.STRONG)}</w:p></w:tc>"
        for cell, column, width in zip(cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{made}</w:tr>"


def _runs(cell: Cell, names: tuple[str, ...], *, strong: bool) -> str:
    look = "<w:b/>" if strong else ""
    if cell.tone in COLOURS:
        look += f'<w:color w:val="{COLOURS[cell.tone]}"/>'
    look += f'<w:sz w:val="{_SIZE}"/>'
    text = "".join(
        _run(part, f"{look}{INDONESIAN if foreign else ''}")
        for part, foreign in spoken(cell.text, names)
    )
    if cell.sign:
        text += _run(f" {cell.sign}", look)
    if cell.bar is None:
        return text
    bar = f'<w:color w:val="{_BAR}"/><w:sz w:val="{_BAR_SIZE}"/>'
    return text + _run(f"  {bar_text(cell.bar)}", bar)


def _run(text: str, look: str) -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{_safe(text)}</w:t></w:r>'


def _safe(text: str) -> str:
    return escape(harmless(text))


_KIND = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_LOOKS = (
    ("0B5F8A", "solid", "circle"),
    ("B04A00", "dash", "square"),
    ("5B3A8E", "sysDot", "triangle"),
    ("0B5F8A", "lgDashDot", "circle"),
    ("B04A00", "sysDash", "square"),
    ("5B3A8E", "lgDash", "triangle"),
)
_HEIGHT, _LOW = 3_240_000, 2_340_000  # EMU, 9 and 6.5 cm
_FONT = "Arial"  # as the rest of a report without a letterhead


def add_chart(word: WordDocument, chart: Radar | Lines, number: int, width: int) -> None:
    """Add the chart as a paragraph at the end, `width` EMU wide, described for screen readers."""
    name = PackURI(f"/word/charts/spbe-chart{number}.xml")
    part = Part(name, _KIND, _chart(chart).encode(), word.part.package)
    relation = word.part.relate_to(part, _RELATION)
    run = word.add_paragraph().add_run()
    run._r.append(parse_xml(_drawing(chart, relation, number, width)))  # noqa: SLF001


def _drawing(chart: Radar | Lines, relation: str, number: int, width: int) -> str:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    frame = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<w:drawing xmlns:w="{word}" xmlns:wp="{frame}" xmlns:a="{_MAIN}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{_HEIGHT if isinstance(chart, Radar) else _LOW}"/>'
        f'<wp:docPr id="{9000 + number}" name="{_safe(chart.title)}" '
        f'descr="{_safe(chart.description)}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="{relations}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _chart(chart: Radar | Lines) -> str:
    """Return the part of a chart: Word draws it, and an office can restyle it."""
    if isinstance(chart, Radar):
        names = [
            f"{_safe(f'{code} {shown}')}&#10;{_safe(name_lines(name))}"
            for (code, name), shown in zip(chart.axes, chart.lines[0].shown, strict=True)
        ]
        drawn = [(line.label, line.values) for line in chart.lines]
        around, inside, lowest = "radarChart", '<c:radarStyle val="marker"/>', Fraction(0)
    else:
        names = [_safe(period) for period in chart.periods]
        drawn = [(f"{line.code} {line.name}".strip(), line.values) for line in chart.lines]
        around, inside, lowest = "lineChart", '<c:grouping val="standard"/>', chart.rings[0][0]
    series = "".join(
        _series(label, names, values, place) for place, (label, values) in enumerate(drawn)
    )
    ends = f'<c:max val="{float(chart.rings[-1][0]):g}"/><c:min val="{float(lowest):g}"/>'
    marked = "" if isinstance(chart, Radar) else '<c:marker val="1"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}">'
        '<c:roundedCorners val="0"/><c:chart>'
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr><a:r>'
        f'<a:rPr sz="1100" b="1"/><a:t>{_safe(chart.title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:{around}>{inside}<c:varyColors val="0"/>{series}{marked}'
        f'<c:axId val="101"/><c:axId val="102"/></c:{around}>'
        '<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:crossAx val="102"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/>'
        f'{ends}</c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:majorGridlines/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:crossAx val="101"/><c:crossBetween val="between"/><c:majorUnit val="1"/></c:valAx>'
        '</c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/></c:chart><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="800">'
        f'<a:latin typeface="{_FONT}"/></a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>'
        "</c:chartSpace>"
    )


def _series(label: str, names: Sequence[str], values: Sequence[Fraction], place: int) -> str:
    """Return one line of a chart; the names of its points are escaped."""
    colour, dash, marker = _LOOKS[place % len(_LOOKS)]
    points = "".join(f'<c:pt idx="{at}"><c:v>{name}</c:v></c:pt>' for at, name in enumerate(names))
    numbers = "".join(
        f'<c:pt idx="{at}"><c:v>{float(value)!r}</c:v></c:pt>' for at, value in enumerate(values)
    )
    ink = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx><c:v>{_safe(label)}</c:v></c:tx>"
        f'<c:spPr><a:ln w="25400">{ink}<a:prstDash val="{dash}"/></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="{marker}"/><c:size val="6"/><c:spPr>{ink}</c:spPr></c:marker>'
        f'<c:cat><c:strLit><c:ptCount val="{len(names)}"/>{points}</c:strLit></c:cat>'
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{numbers}</c:numLit></c:val></c:ser>'
    )
