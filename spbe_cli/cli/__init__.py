"""The command line: one file a command. Parse, call, render, exit code."""
