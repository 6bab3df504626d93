"""What is said of batch scoring."""

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {}
