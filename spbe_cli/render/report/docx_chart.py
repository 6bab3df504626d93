"""A radar chart that Word itself draws, so that it is sharp and can be restyled."""

from html import escape

from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from spbe_cli.render.report.blocks import Radar, RadarLine
from spbe_cli.render.view import harmless

__all__ = ["add_radar"]

_KIND = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_LOOKS = (
    ("0B5F8A", "solid", "circle"),
    ("B04A00", "dash", "square"),
    ("5B3A8E", "sysDot", "triangle"),
)
_HEIGHT = 3_200_000  # EMU, 8.9 cm


def add_radar(word: WordDocument, radar: Radar, number: int, width: int) -> None:
    """Add the chart as a paragraph at the end, `width` EMU wide, described for screen readers."""
    name = PackURI(f"/word/charts/spbe-chart{number}.xml")
    part = Part(name, _KIND, _chart(radar).encode(), word.part.package)
    relation = word.part.relate_to(part, _RELATION)
    run = word.add_paragraph().add_run()
    run._r.append(parse_xml(_drawing(radar, relation, number, width)))  # noqa: SLF001


def _drawing(radar: Radar, relation: str, number: int, width: int) -> str:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    frame = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<w:drawing xmlns:w="{word}" xmlns:wp="{frame}" xmlns:a="{_MAIN}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{_HEIGHT}"/>'
        f'<wp:docPr id="{9000 + number}" name="{_safe(radar.title)}" '
        f'descr="{_safe(radar.description)}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="{relations}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _chart(radar: Radar) -> str:
    series = "".join(_series(radar, line, place) for place, line in enumerate(radar.lines))
    highest = f"{float(radar.rings[-1][0]):g}"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}">'
        '<c:roundedCorners val="0"/><c:chart>'
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr><a:r>'
        f'<a:rPr sz="1100" b="1"/><a:t>{_safe(radar.title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:radarChart><c:radarStyle val="marker"/><c:varyColors val="0"/>{series}'
        '<c:axId val="101"/><c:axId val="102"/></c:radarChart>'
        '<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:crossAx val="102"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{highest}"/><c:min val="0"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:majorGridlines/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:crossAx val="101"/><c:crossBetween val="between"/><c:majorUnit val="1"/></c:valAx>'
        '</c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )


def _series(radar: Radar, line: RadarLine, place: int) -> str:
    colour, dash, marker = _LOOKS[place % len(_LOOKS)]
    count = len(radar.axes)
    names = "".join(
        f'<c:pt idx="{at}"><c:v>{_safe(f"{code} {shown}")}</c:v></c:pt>'
        for at, ((code, _), shown) in enumerate(zip(radar.axes, radar.lines[0].shown, strict=True))
    )
    values = "".join(
        f'<c:pt idx="{at}"><c:v>{float(value)!r}</c:v></c:pt>'
        for at, value in enumerate(line.values)
    )
    ink = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx><c:v>{_safe(line.label)}</c:v></c:tx>"
        f'<c:spPr><a:ln w="25400">{ink}<a:prstDash val="{dash}"/></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="{marker}"/><c:size val="6"/><c:spPr>{ink}</c:spPr></c:marker>'
        f'<c:cat><c:strLit><c:ptCount val="{count}"/>{names}</c:strLit></c:cat>'
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{count}"/>{values}</c:numLit></c:val></c:ser>'
    )


def _safe(text: str) -> str:
    return escape(harmless(text))
