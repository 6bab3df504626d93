"""What is said of the report."""

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {}
