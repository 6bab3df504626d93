"""What a letterhead from elsewhere must not be, and what is mended in it."""

import io
import zipfile
import zlib

_LARGEST, _LARGEST_TREES, _MOST_FIELDS = 64 * 1024 * 1024, 8 * 1024 * 1024, 1000
_TREES = (".xml", ".rels")
_RELATIONS = "_rels/.rels"
_NAME = b"/package/2006/relationships/metadata/core-properties"
_OTHER_NAME = b"/officedocument/2006/relationships/metadata/core-properties"


class UnfitTemplateError(ValueError):
    """A letterhead is no Word document, or holds a field that is not known."""


def bound(template: bytes) -> None:
    """Raise UnfitTemplateError for a letterhead that unpacks to too much, or has too many fields.

    Each field is filled with a text, and each part becomes a tree that takes thirty times its size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > _LARGEST:
                raise UnfitTemplateError(f"{size} > {_LARGEST} bytes")
            texts = [part for part in archive.infolist() if part.filename.endswith(_TREES)]
            if (size := sum(part.file_size for part in texts)) > _LARGEST_TREES:
                raise UnfitTemplateError(f"XML: {size} > {_LARGEST_TREES} bytes")
            fields = sum(archive.read(part).count(b"{") for part in texts) // 2
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, UnfitTemplateError):
            raise
        raise UnfitTemplateError(type(error).__name__) from error
    if fields > _MOST_FIELDS:
        raise UnfitTemplateError(f"{{{{ }}}}: {fields} > {_MOST_FIELDS}")


def named_properties(template: bytes) -> bytes:
    """Return a letterhead whose relation to its properties is named as the standard does.

    LibreOffice names it otherwise in "Office Open XML Text": python-docx would not find them, and
    write them a second time.
    """
    with zipfile.ZipFile(io.BytesIO(template)) as before:
        relations = before.read(_RELATIONS) if _RELATIONS in before.namelist() else b""
        if _OTHER_NAME not in relations:
            return template
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
            for part in before.infolist():
                is_it = part.filename == _RELATIONS
                content = relations.replace(_OTHER_NAME, _NAME) if is_it else before.read(part)
                after.writestr(part.filename, content)
    return written.getvalue()
