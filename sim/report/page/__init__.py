"""The one HTML page of a comparison, with its figures inside."""
