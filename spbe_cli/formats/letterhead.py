"""A letterhead before any library sees it: it comes from elsewhere, and must stay small."""

import io
import zipfile
import zlib

_LARGEST, _LARGEST_TREES, _MOST_FIELDS = 64 * 1024 * 1024, 8 * 1024 * 1024, 1000
_TREES = (".xml", ".rels")


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
