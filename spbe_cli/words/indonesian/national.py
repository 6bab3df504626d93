"""What is said of many institutions: ranking, profile, audit."""

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {}
