"""Week 0 out of a scenario."""
