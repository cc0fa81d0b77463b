"""The command line: thin commands that load, compute and show."""
