"""How results show themselves: one line in a console, a page in a notebook, data for programs.

The core knows neither sentences nor pages nor files. Who does registers itself with `answer_by`,
which `spbe_cli` does as soon as one of its public names is used.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

_SHOWN = 5
"""So many of a long row of values are shown."""

T = TypeVar("T")


class Answering(Protocol):
    """What the rooms around the core know of its values."""

    def document(self, value: object) -> dict[str, Any]:
        """Return the JSON document that the command gives."""

    def frame(self, value: object) -> Any:  # noqa: ANN401
        """Return the rows of the command's CSV as a frame."""

    def page(self, value: object) -> str:
        """Return the command's page as HTML."""

    def said(self, problems: Iterable[Any]) -> str:
        """Return problems in sentences."""

    def instrument(self, name: object) -> Any:  # noqa: ANN401  (an instrument, whose file knows this one)
        """Return the instrument with this id or in this file."""

    def evidence(self, instrument: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the pieces of evidence of each level, by the indicator's code."""


_known: list[Callable[[], Answering]] = []


def answer_by(answering: Callable[[], Answering]) -> None:
    """Let what this gives answer; it is called only when something is asked."""
    _known[:] = [answering]


def answering() -> Answering | None:
    """Return what knows the answers, None where the core stands alone."""
    return _known[0]() if _known else None


def _answers() -> Answering:
    found = answering()
    if found is None:
        raise RuntimeError("take the names from spbe_cli: the core alone shows nothing")
    return found


class Brief:
    """A value that shows itself on one line."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return it on one line, without what it was computed from."""
        return f"<{type(self).__name__} {self._brief()}>"

    def _brief(self) -> str:
        raise NotImplementedError


class Presented(Brief):
    """The answer of a command: on one line, as a page, as its JSON document and as a frame."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Return the page of the command, at most a screen of it, for notebooks."""
        return _answers().page(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document that the command gives with `--format json`."""
        return _answers().document(self)

    def to_frame(self) -> Any:  # noqa: ANN401  (of polars or pandas, whichever there is)
        """Return the rows of the command's CSV as a frame of polars, else of pandas.

        Raises:
            ImportError: if neither is installed; it says how to get one.
        """
        return _answers().frame(self)


class Several(tuple[T, ...]):
    """A tuple that shows its first values and how many there are."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return at most five values, and the number of all."""
        return several(self)


def several(values: Sequence[object]) -> str:
    """Return the first values, each on a line, and the number of all."""
    lines = [f"  {value!r}," for value in values[:_SHOWN]]
    more = len(values) - _SHOWN
    lines += [f"  ... {more} more"] if more > 0 else []
    return "\n".join((f"<{len(values)}:", *lines)) + ">"


def kind_of(value: object) -> str:
    """Return of which type a value is, and the value itself where it is short."""
    shown = repr(value)
    return type(value).__name__ + (f" {shown}" if len(shown) <= 40 else "")  # noqa: PLR2004
