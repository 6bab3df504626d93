"""From bytes to core values and problems: formats, schemas and positions."""
