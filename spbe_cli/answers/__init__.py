"""What each command answers: a document for machines, blocks for people."""
