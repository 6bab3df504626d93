"""The shape of one problem's explanation."""

from dataclasses import dataclass

__all__ = ["Both", "Explanation"]


@dataclass(frozen=True, slots=True)
class Both:
    """One sentence in both languages. `{name}` stands for a value of the problem."""

    en: str
    id: str

    def in_language(self, language: str) -> str:
        """Return the sentence in `id` or `en`."""
        return self.id if language == "id" else self.en


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a problem code means: shown with a problem (message, hint) and by `spbe explain`.

    `title` says what it is in general, `message` what it is here, `why` the reason for the rule,
    `example` shows input that has the problem, `hint` the remedy, and `near` the remedy where a
    nearest right form (`{nearest}`) is known.
    """

    title: Both
    message: Both
    hint: Both
    why: Both
    example: str
    near: Both | None = None
