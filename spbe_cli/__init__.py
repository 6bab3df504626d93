"""The SPBE index, exactly."""

__version__ = "0.1.0"
