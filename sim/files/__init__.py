"""TOML files as people write them: found, read, laid over one another, checked, written whole."""
