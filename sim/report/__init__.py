"""Tables become pictures and pages."""
