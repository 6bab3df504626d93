"""A report as a self-contained page."""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache, partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from spbe_cli.formats.blocks import Made, Table, breakable, harmless, spoken, title_size
from spbe_cli.formats.svg import bar, bars_or_lines, ladder, radar
from spbe_cli.words import Words

_LONGEST_WORD = 24  # that is not broken in a cell
_SHORTEST, _LONGEST_PART = 3, 12  # what part of a word a column has room for on a phone
_LETTER, _PADDING, _NAME = 2.3, 1.7, 27  # in percent of a phone's width; the least for a name
_UNBROKEN = 18  # characters of a cell that stay on one line, but for a phone
_SHORT = 18  # rows of a table that is not divided on paper
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Entry:
    """One report in an index of several."""

    file: str
    institution: str
    when: str
    index: str
    predicate: str
    tone: str


def report_html(made: Made) -> str:
    """Return the page. The browser is told to run the page's own script and nothing else."""
    document, words = made.document, made.words
    whatif = document.whatif()
    labels = {
        "skip": words("To the summary"),
        "kind": f"{document.kind}, {document.headline.index_name}",
        "code": words("Code"),
        "whatif": words("What if"),
        "whatif_text": words(
            "Choose other levels and see what becomes of the index, the domains and aspects, and "
            "the predicate. Nothing is sent or stored."
        ),
        "reset": words("Back to what was assessed"),
        "to_target": words("All to level {target} at least", target=whatif.target)
        if whatif.target
        else "",
    }
    return rendered(
        "page.html",
        "scoring.js",
        "whatif.js",
        title=document.title,
        language=document.language,
        document=document,
        labels=labels,
        has_target=bool(whatif.target),
        whatif=in_script(whatif.instrument),
        steps=in_script(json.dumps(whatif.steps)),
        foreign=Markup(' lang="id"') if document.names else "",
        title_size=title_size(document.headline.institution),
        said=_speaker(document.names),
        rows_of=partial(_rows_of, said=_speaker(document.names)),
        shares_of=shares_of,
        is_short=lambda table: len(table.rows) <= _SHORT,
        ladder=Markup(ladder(document.ladder, "ladder")),  # noqa: S704 - svg.py escapes
        radar=_safe(radar),
        lines=_safe(bars_or_lines, "lines"),
    )


def index_html(entries: list[Entry], words: Words) -> str:
    """Return the page that leads to the reports of several institutions."""
    labels = {
        "institution": words("Institution"),
        "when": words("Assessment"),
        "index": words("Index"),
        "predicate": words("Predicate"),
        "count": words("{count} {count:institution|institutions}", count=str(len(entries))),
    }
    return rendered(
        "index.html",
        title=words("Evaluation reports"),
        language=words.language,
        entries=entries,
        labels=labels,
    )


def rendered(name: str, *scripts: str, styles: Sequence[str] = (), **values: Any) -> str:  # noqa: ANN401
    """Return a page from its template; the browser runs the scripts named and nothing else."""
    template = _environment().get_template(name)
    named = ("page.css", *styles)
    values |= {"style": _text(*named), "style_sum": _sum(*named)}
    if scripts:
        values |= {"script": _text(*scripts), "script_sum": _sum(*scripts)}
    return harmless(template.render(**values))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )
    environment.filters["soft"] = _escaped
    return environment


@cache
def _text(*names: str) -> Markup:
    """Return files of our own as one, which needs no escaping, without comments and indents."""
    texts = ((_TEMPLATES / name).read_text("utf-8") for name in names)
    lines = (line.strip() for text in texts for line in text.splitlines())
    return Markup("\n".join(line for line in lines if line and not line.startswith("//")))  # noqa: S704


@cache
def _sum(*names: str) -> str:
    """Return the SHA-256 by which a Content-Security-Policy knows a script or a style."""
    return b64encode(sha256(str(_text(*names)).encode()).digest()).decode()


def in_script(text: str) -> Markup:
    """Return JSON as it may stand in a script element."""
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(escaped)  # noqa: S704 - escaped for its place


def _rows_of(table: Table, said: Callable[[str], Markup]) -> Markup:
    """Return the rows of a table, its texts escaped. In the template they would take a third."""
    looks = [
        _look(column.numeric, at == table.row_heading) for at, column in enumerate(table.columns)
    ]
    lines = []
    for row in table.rows:
        cells = [
            f"{begin}{cell.tone}{brief if len(cell.text) <= _UNBROKEN else long}{said(cell.text)}"
            f"{_sign(cell.sign) if cell.sign else ''}{_bar(cell.bar)}{end}"
            for cell, (begin, brief, long, end) in zip(row.cells, looks, strict=True)
        ]
        kind = ' class="section"' if row.section else ' class="inner"' if row.depth else ""
        lines.append(f"<tr{kind}>{''.join(cells)}</tr>")
    return Markup("\n".join(lines))  # noqa: S704 - escaped cell by cell


def shares_of(table: Table) -> list[str]:
    """Return what each column takes of a phone's width: room for its longest word, names the rest.

    With shares no table is wider than the page, whatever the font; a word is broken if it must be.
    """
    shares = [
        _share(column.heading, *(row.cells[at].text for row in table.rows))
        for at, column in enumerate(table.columns)
    ]
    others = sum(shares) - shares[table.row_heading]
    squeezed = min(1, (100 - _NAME) / max(others, 1))
    shares = [share * squeezed for share in shares]
    shares[table.row_heading] = 100 - others * squeezed
    return [f"{share:.0f}%" for share in shares]


def _share(*texts: str) -> float:
    longest = max(map(_longest_word, texts), default=0)
    return min(max(longest, _SHORTEST), _LONGEST_PART) * _LETTER + _PADDING


@lru_cache(maxsize=4096)
def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


@cache
def _look(numeric: bool, heading: bool) -> tuple[str, str, str, str]:  # noqa: FBT001
    """Return what stands before a cell's tone, behind it if the cell is short or long, and last."""
    name, scope = ("th", ' scope="row"') if heading else ("td", "")
    number = " number" if numeric else ""
    return f'<{name}{scope} class="', f'{number} brief">', f'{number}">', f"</{name}>"


@lru_cache(maxsize=4096)
def _escaped(text: str) -> Markup:
    """Return text for a cell, in which very long words may be broken: a table grows with them."""
    return Markup("<wbr>").join(breakable(text, _LONGEST_WORD, "\0").split("\0"))


@cache
def _speaker(names: tuple[str, ...]) -> Callable[[str], Markup]:
    """Return what escapes text and marks the names of another language in it."""
    marked = Markup('<span lang="id">%s</span>')

    @lru_cache(maxsize=4096)
    def said(text: str) -> Markup:
        parts = ((_escaped(part), foreign) for part, foreign in spoken(text, names))
        return Markup("").join(marked % part if foreign else part for part, foreign in parts)

    return said if names else _escaped


@cache
def _sign(sign: str) -> str:
    return f' <span aria-hidden="true">{sign}</span>'


@cache
def _bar(share: Fraction | None) -> str:
    return "" if share is None else bar(share)


def _safe(chart: Callable[[Any, str], str], name: str = "chart") -> Callable[[Any], Markup]:
    numbers = count(1)
    return lambda block: Markup(chart(block, f"{name}-{next(numbers)}"))  # noqa: S704
