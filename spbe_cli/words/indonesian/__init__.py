"""The Indonesian sentences, by their English ones, one module a part of the house."""

from spbe_cli.words.indonesian import assessments, batch, forms, national, report

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {
    **assessments.SENTENCES,
    **batch.SENTENCES,
    **national.SENTENCES,
    **report.SENTENCES,
    **forms.SENTENCES,
}
