r"""JSON where YAML differs from it: a character beyond U+FFFF is written as two escapes.

`json.dumps` writes a smiling face as `\ud83d\ude00`, and YAML refuses either half. While it
parses, both halves stand in the private use area, so that every column stays as in the file.
"""

import re

from spbe_cli.read.files import Text

__all__ = ["joined", "with_stand_ins"]

_ESCAPE = re.compile(
    r"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|.)", re.IGNORECASE | re.DOTALL
)
_STAND_INS = re.compile("[\ue000-\ue3ff][\ue400-\ue7ff]")
_MOVED = 0xE000 - 0xD800


def with_stand_ins(text: Text) -> str | None:
    """Return a JSON text with its pairs of escapes replaced; None for other YAML."""
    content = text.content
    is_json = text.path.lower().endswith(".json") or content.lstrip().startswith("{")
    return _ESCAPE.sub(_stand_in, content) if is_json else None


def _stand_in(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[0]
    return "".join(f"\\u{int(half, 16) + _MOVED:04x}" for half in escape.groups())


def joined(text: str) -> str:
    """Return a parsed text with each pair of stand-ins as the character that was meant."""
    return _STAND_INS.sub(_character, text)


def _character(pair: re.Match[str]) -> str:
    high, low = (ord(half) - _MOVED for half in pair[0])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
