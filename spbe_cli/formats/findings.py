"""Problems as machines that review changes take them: annotations, reports of quality and of tests.

Each takes the document of `spbe check`, or that of a run without an answer: of both the `problems`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from spbe_cli.formats.endings import Answered, Look

Finding = Mapping[str, Any]
"""A problem as `spbe-problems/1` has it."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def answer_github(answer: Answered, _: Look) -> str:
    """Return the workflow commands of GitHub Actions that annotate, one a line."""
    return "".join(f"{_command(each)}\n" for each in answer.document()["problems"])


def answer_gitlab(answer: Answered, _: Look) -> str:
    """Return the report of GitLab's Code Quality: an entry a problem."""
    return _json([_entry(each) for each in answer.document()["problems"]])


def answer_junit(answer: Answered, _: Look) -> str:
    """Return a report of tests in the XML of JUnit: a case a file, a failure a problem."""
    document = answer.document()
    cases = {path: list[Finding]() for path in _paths(document)}
    for each in document["problems"]:
        cases.setdefault(each["file"] or "spbe", []).append(each)
    failed = sum(any(map(_is_error, found)) for found in cases.values())
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0"'
    lines = (line for path, found in cases.items() for line in _case(path, found))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {counts}>",
            f'  <testsuite name="spbe check" {counts} skipped="0">',
            *lines,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def answer_sarif(answer: Answered, _: Look) -> str:
    """Return a log in SARIF 2.1.0, as code scanning takes it."""
    problems: Sequence[Finding] = answer.document()["problems"]
    codes = list(dict.fromkeys(each["code"] for each in problems))
    rules = [{"id": code, "shortDescription": {"text": code}} for code in codes]
    run = {
        "tool": {"driver": {"name": "spbe", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each["code"])) for each in problems],
    }
    return _json({"$schema": _SARIF, "version": "2.1.0", "runs": [run]})


def command(kind: str, place: Mapping[str, object], text: str) -> str:
    """Return one workflow command of GitHub Actions, every part escaped as it asks."""
    parts = ",".join(f"{key}={_property(str(value))}" for key, value in place.items() if value)
    return f"::{kind} {parts}::{_data(text)}"


def _command(found: Finding) -> str:
    place = {"file": found["file"], "line": found["line"], "col": found["column"]}
    kind = "error" if _is_error(found) else "notice"
    return command(kind, {**place, "title": found["code"]}, _text(found))


def located_text(text: str, sheet: str | None, cell: str | None) -> str:
    """Return a text after the cell that it speaks of, where there is one."""
    if cell is None:
        return text
    return f"{sheet}!{cell}: {text}" if sheet else f"{cell}: {text}"


def _text(found: Finding) -> str:
    text = f"{found['sentence']}; {found['hint']}"
    return located_text(text, found["sheet"], found["cell"])


def _cell(found: Finding) -> str:
    return f"{found['sheet']}!{found['cell']}" if found["sheet"] else found["cell"]


def _is_error(found: Finding) -> bool:
    return bool(found["severity"] != "notice")


def _entry(found: Finding) -> dict[str, Any]:
    keys = ("code", "file", "option", "sheet", "cell", "line", "column", "sentence")
    told = json.dumps([found[key] for key in keys])
    return {
        "description": _text(found),
        "check_name": found["code"],
        "fingerprint": sha256(told.encode()).hexdigest(),
        "severity": "major" if _is_error(found) else "info",
        "location": {
            "path": _slashes(found["file"] or "."),
            "lines": {"begin": found["line"] or 1},
        },
    }


def _paths(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files of the results, or where there are none those that are right."""
    yield from document.get("valid", ())
    for result in document.get("results", ()):
        if result["source"] is not None:
            yield result["source"]["path"]


def _case(path: str, found: Sequence[Finding]) -> Iterator[str]:
    errors = [each for each in found if _is_error(each)]
    notices = [each for each in found if not _is_error(each)]
    if not found:
        yield f'    <testcase classname="spbe" name="{_xml(path)}"/>'
        return
    yield f'    <testcase classname="spbe" name="{_xml(path)}">'
    for each in errors:
        kind, said, text = each["code"], each["sentence"], _located(each)
        yield f'      <failure type="{_xml(kind)}" message="{_xml(said)}">{_xml(text)}</failure>'
    if notices:
        yield f"      <system-out>{_xml(chr(10).join(map(_located, notices)))}</system-out>"
    yield "    </testcase>"


def _located(found: Finding) -> str:
    """Return a problem on one line, as compilers write it."""
    at = [_cell(found)] if found["cell"] else [found["line"], found["column"]]
    source = found["file"] or found["option"]
    place = ":".join(str(part) for part in (source, *at) if part is not None)
    text = f"{found['sentence']}; {found['hint']} [{found['code']}]"
    return f"{place}: {text}" if place else text


def _xml(text: str) -> str:
    """Return text as XML may hold it, also in an attribute."""
    return escape(_NOT_XML.sub("\ufffd", text))


def _result(found: Finding, rule: int) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if found["file"]:
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(found["file"])}}
    if found["line"]:
        region = {"startLine": found["line"], "startColumn": found["column"]}
        told = {key: value for key, value in region.items() if value}
        location["physicalLocation"]["region"] = told
    if found["cell"]:
        location["logicalLocations"] = [{"fullyQualifiedName": _cell(found), "kind": "cell"}]
    result = {
        "ruleId": found["code"],
        "ruleIndex": rule,
        "level": "error" if _is_error(found) else "note",
        "message": {"text": _text(found)},
    }
    return {**result, "locations": [location]} if location else result


def _uri(path: str) -> str:
    """Return a path as a URI, one that is not absolute as it is seen from where spbe runs."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix(), errors="replace")


def _slashes(path: str) -> str:
    return PurePath(path).as_posix()


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
