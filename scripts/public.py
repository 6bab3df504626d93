# ruff: noqa: INP001  (a script, not a package)
"""Write docs/python.md: every public name with what its docstring says."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from types import ModuleType
from typing import Any

import spbe_cli
from spbe_cli import batch

__all__ = ["python_page"]

INTRODUCTION = """\
# In Python

Every public name, as its docstring describes it; this page is written by `scripts/generate.py`. A
value shows itself on one line, in a notebook as the page of its command; scorecard, comparison,
plan, outlook, ranking, profile and audit have `to_dict()`, the JSON document of the command, and
`to_frame()`, the rows of its CSV as a frame of polars, else of pandas. Numbers are
`fractions.Fraction`. An instrument may be given by its id wherever one is taken, and a predicate by
its name wherever a target is. Amounts are Fractions and whole numbers; a float is refused. A
notebook on 621 institutions: [examples/nasional.ipynb](../examples/nasional.ipynb); in the folder
of `spbe`, `python3 -m pip install ".[all]" notebook` installs what it needs.

```python
from spbe_cli import Assessment, plan, read_assessment, score

assessment = read_assessment("examples/bandar-lampung-2023.yaml")
card = score("spbe-2020", assessment)
print(card.predicate.name)  # Cukup
cheapest = plan("spbe-2020", assessment, target="baik")
print(cheapest)  # <Plan 2.15 to 2.60 Baik: 4 indicators, cost 15>
own = Assessment.from_levels([3] * 47, "spbe-2020", institution="Contoh", year=2024)
print(score("spbe-2020", own).index)  # 3
```
"""


def python_page() -> str:
    """Return docs/python.md."""
    parts = [INTRODUCTION]
    for module, title in ((spbe_cli, "spbe_cli"), (batch, "spbe_cli.batch")):
        parts.append(f"## {title}\n")
        parts += _sections(module)
    return "\n".join(parts)


def _sections(module: ModuleType) -> Iterator[str]:
    named: Any = module
    for name in sorted(named.__all__, key=str.casefold):
        value = getattr(module, name)
        if inspect.isclass(value):
            yield "\n".join([f"### {name}\n", _text(value), *_members(value)]) + "\n"
        else:
            yield f"### {name}{_signature(value)}\n\n{_text(value)}\n"


def _members(kind: type) -> Iterator[str]:
    """Yield what a class has besides its fields, each with the first line of its docstring."""
    if issubclass(kind, Enum):
        yield "\nOne of " + ", ".join(f"`{each.value}`" for each in kind) + "."
        return
    yield from _fields(kind)
    lines = []
    for name, value in inspect.getmembers(kind):
        of_builtins = any(hasattr(base, name) for base in (tuple, Exception, object))
        doc = inspect.getdoc(value)
        if name.startswith("_") or of_builtins or not doc or name in getattr(kind, "_fields", ()):
            continue
        if not (callable(value) or isinstance(value, property)):
            continue
        shown = name + _signature(value) if callable(value) else name
        lines.append(f"- `{shown}`: {_plain(doc.splitlines()[0])}")
    if lines:
        yield "\n" + "\n".join(lines)


def _fields(kind: type) -> Iterator[str]:
    fields = getattr(kind, "_fields", None) or tuple(getattr(kind, "__dataclass_fields__", ()))
    if fields:
        yield "\nFields: " + ", ".join(f"`{name}`" for name in fields) + "."


def _signature(value: Any) -> str:  # noqa: ANN401  (whatever can be called)
    names = inspect.signature(value).parameters.values()
    shown = []
    for each in names:
        if each.name in ("self", "cls"):
            continue
        optional = each.default is not inspect.Parameter.empty
        star = "*" if each.kind is inspect.Parameter.VAR_POSITIONAL else ""
        shown.append(f"{star}{each.name}=..." if optional else star + each.name)
    return f"({', '.join(shown)})"


def _text(value: object) -> str:
    """Return a docstring as Markdown: its lists of arguments and errors as lists."""
    lines = []
    for line in (inspect.getdoc(value) or "").splitlines():
        found = re.fullmatch(r"    (\*?\w+): (.*)", line)
        if found:
            lines.append(f"- `{found[1]}`: {found[2]}")
        elif line in ("Args:", "Raises:"):
            lines.append(f"*{'Arguments' if line == 'Args:' else 'Raises'}*\n")
        else:
            lines.append(line.strip() if line.startswith("     ") else line)
    return _plain("\n".join(lines))


def _plain(text: str) -> str:
    return text.replace("<", "&lt;")
