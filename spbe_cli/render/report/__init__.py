"""The report: one document of blocks, and a renderer for each format."""
