"""Mutations, all of them by a seeded chance: of bytes, of lines and cells, of YAML, of a zip."""

import io
import zipfile
import zlib
from random import Random

HOSTILE = (
    "", " ", "0", "-1", "6", "3,0", "3.0", "03", "1e9", "1/3", "1/0", ".inf", "nan", "9" * 40,
    "=1+1", "+1", "-2+3", "@SUM(A1)", "\uff1d1+1", "'3", '"3', "3\u200d", "\u0663", "\uff13",
    "\U0001f600", "3\ufe0f\u20e3", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "a\u0301",
    "\u202e3", "\u00a03", "\ufeff",
    "\ud7ff", "x" * 300, "a,b", "a;b", "a\tb", "a|b", 'a"b', "a\nb", "<b>", "{{ x }}", "{0}", "%s",
    "../..", "/etc/passwd", "-", "~", "null", "true", "[]", "{}", "*", "&a", "!!x", "---", "#",
    ": ",
    "nilai", "indikator", "D1", "A1", "I1", "47", "48", "2023", "1999", "tiga", "Akhir", "Mandiri",
)  # fmt: skip
_PIECES = tuple(each.encode("utf-8", "surrogatepass") for each in HOSTILE)
_SPECIAL = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b'"', b"'",
    b",", b";", b"\t", b":", b"\x1a", b"\x85", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\x80",
)  # fmt: skip


def bytes_changed(content: bytes, random: Random, most: int = 6) -> bytes:
    """Return bytes with some of them flipped, cut, doubled, moved or put in."""
    data = bytearray(content)
    for _ in range(random.randint(1, most)):
        at = random.randrange(len(data) + 1)
        length = random.choice((1, 1, 2, 4, 16, 64, 256))
        match random.randrange(7):
            case 0 if data:
                data[min(at, len(data) - 1)] ^= 1 << random.randrange(8)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at:at] = random.choice(_SPECIAL)
            case 4:
                data[at : at + length] = random.choice(_PIECES)
            case 5:
                other = random.randrange(len(data) + 1)
                data[at:at] = data[other : other + length]
            case _:
                data[at:at] = random.choice(_PIECES) * random.choice((1, 1, 1, 50))
    return bytes(data)


def lines_changed(text: str, random: Random) -> str:
    """Return lines with some of them gone, doubled, moved, or with cells of another kind."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(lines))
        match random.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                lines.insert(at, lines.pop(random.randrange(len(lines))))
            case 3:
                lines[at] = random.choice(("  ", "- ", "# ", "\t", '"', ";")) + lines[at]
            case 4:
                lines.insert(at, random.choice(HOSTILE))
            case 5:
                separator = random.choice((",", ";", "\t", ": ", "|"))
                cells = lines[at].split(separator)
                cells[random.randrange(len(cells))] = random.choice(HOSTILE)
                lines[at] = separator.join(cells)
            case _:
                words = lines[at].split(" ")
                words[random.randrange(len(words))] = random.choice(HOSTILE)
                lines[at] = " ".join(words)
        lines = lines or [""]
    return "\n".join(lines)


def text_changed(content: bytes, random: Random) -> bytes:
    """Return a text changed by lines, by bytes, or written in another encoding."""
    if random.random() < 0.3:
        return bytes_changed(content, random)
    text = lines_changed(content.decode("utf-8", "replace"), random)
    encoding = random.choice(("utf-8",) * 12 + ("utf-8-sig", "utf-16", "cp1252", "utf-16-le"))
    return text.encode(encoding, "replace")


def zip_changed(content: bytes, random: Random) -> bytes:
    """Return a zip of which a part is changed, missing, doubled, or says something untrue."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        parts = before.infolist()
        chosen = random.choice(parts).filename
        drop = random.random() < 0.05
        for part in parts:
            data = before.read(part)
            if part.filename == chosen:
                if drop:
                    continue
                data = xml_changed(data, random)
            after.writestr(part.filename, data, zipfile.ZIP_DEFLATED)
        if random.random() < 0.02:
            after.writestr(chosen + "x", b"<x/>")
    return made.getvalue()


_NUMBERS = (
    "0", "-1", "1", "2", "65535", "65536", "1048576", "2147483647", "4294967295", "9" * 19,
    "99999999999999999999", "1e308", "-0", "", "NaN", "A1", "XFD1048576", "A0", "ZZZZ9",
)  # fmt: skip


def xml_changed(data: bytes, random: Random) -> bytes:
    """Return XML with other numbers, names and elements, or with its bytes changed."""
    if random.random() < 0.2:
        return bytes_changed(data, random)
    text = data.decode("utf-8", "replace")
    for _ in range(random.randint(1, 5)):
        quoted = text.split('"')
        match random.randrange(4):
            case 0 if len(quoted) > 2:
                at = random.randrange(1, len(quoted), 2) if len(quoted) > 3 else 1
                quoted[at] = random.choice((*_NUMBERS, *HOSTILE)).replace('"', "")
                text = '"'.join(quoted)
            case 1:
                pieces = text.split("<")
                at = random.randrange(len(pieces))
                pieces[at : at + 1] = random.choice(([], [pieces[at]] * 2, [pieces[at]] * 40))
                text = "<".join(pieces)
            case 2:
                pieces = text.split(">")
                at = random.randrange(len(pieces))
                head, _, tail = pieces[at].partition("<")
                pieces[at] = f"{random.choice((*_NUMBERS, *HOSTILE))}<{tail}" if head else tail
                text = ">".join(pieces)
            case _:
                pieces = text.split(" ")
                at = random.randrange(len(pieces))
                pieces.insert(at, pieces[random.randrange(len(pieces))])
                text = " ".join(pieces)
    return text.encode("utf-8", "surrogatepass")


def sizes_changed(content: bytes, random: Random) -> bytes:
    """Return a zip whose directory tells other sizes, names, methods or checksums."""
    data = bytearray(content)
    marks = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")
    for _ in range(random.randint(1, 3)):
        starts = [at for mark in marks for at in _all(bytes(data), mark)]
        if not starts:
            break
        at = random.choice(starts) + random.randrange(4, 46)
        value = random.choice((0, 1, 0xFF, 0x7F, 8, 12, 93))
        data[at : at + random.choice((1, 2, 4))] = bytes([value]) * random.choice((1, 2, 4))
    return bytes(data)


def _all(data: bytes, mark: bytes) -> list[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def packed(content: bytes) -> bytes:
    """Return bytes packed as gzip does."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(content) + packer.flush()
