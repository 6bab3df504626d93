"""Answers for machines: JSON, JSON Lines and CSV."""

import csv
import io
import json
import re

from spbe_cli.formats.endings import Answered, Look

FORMULA_SIGNS = (
    "=+-@\t\r\n"
    "\uff1d\uff0b\uff0d\uff20"  # full width
    "\ufe66\ufe62\ufe63\ufe6b"  # small
    "\u207c\u207a\u207b\u208c\u208a\u208b\u2212"  # raised, lowered, the minus of mathematics
)
"""What begins a formula in some spreadsheet program."""

_PROBLEM = "spbe-problems/1"
_EACH = {"results", "gates", "problems"}
"""The keys of a document that JSON Lines hold item by item."""
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad \u00a0"
_SIGNS = frozenset(FORMULA_SIGNS)
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?"
_NUMBERS = re.compile(rf"{_NUMBER}(?:\.\.{_NUMBER})?", re.ASCII)


def answer_json(answer: Answered, _: Look) -> str:
    """Return one JSON object, indented, names as they are."""
    return json.dumps(answer.document(), ensure_ascii=False, indent=2) + "\n"


def answer_jsonl(answer: Answered, _: Look) -> str:
    """Return one line a result, each with the document's format and the gates that are its own.

    A line for each problem follows where the document has problems, and a last one with whatever
    else the document says of all its results.
    """
    document, lines = answer.document(), []
    settings = {key: document[key] for key in ("settings",) if key in document}
    for number, result in enumerate(document.get("results", ())):
        gates = [gate for gate in document["gates"] if gate["result"] == number]
        lines.append({"format": document["format"], **result, "gates": gates, **settings})
    lines += [{"format": _PROBLEM, **problem} for problem in document.get("problems", ())]
    of_all = {key: document[key] for key in document.keys() - _EACH - settings.keys()}
    if of_all.keys() - {"format"}:
        lines.append({key: document[key] for key in document if key in of_all} | settings)
    told = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    return "".join(f"{line}\n" for line in told)


def answer_csv(answer: Answered, _: Look) -> str:
    """Return rows as CSV. Text that a spreadsheet program would run gets an apostrophe in front."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([neutral(cell) for cell in row] for row in answer.rows())
    return stream.getvalue()


def neutral(text: str) -> str:
    """Return text that is shown and not run: `=1+1` becomes `'=1+1`; a number stays one.

    So do a fraction, `-2/15`, and a range, `-0.1..0.2`.
    """
    if text[:1].isalnum():
        return text
    runs = text.lstrip(_UNSEEN)[:1] in _SIGNS and not _NUMBERS.fullmatch(text)
    return f"'{text}" if runs else text
