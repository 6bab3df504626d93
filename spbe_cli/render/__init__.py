"""From core values to text. Nothing is computed here, and nothing is written anywhere."""
