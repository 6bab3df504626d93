"""What is said of forms to fill in."""

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {}
