"""The method itself: exact numbers, instruments, assessments, scores. Standard library only."""
