"""Scenarios x seeds become tables, kept as they finish; measures of a year."""
