"""From blocks to bytes."""
