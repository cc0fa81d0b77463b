"""The figures of a run, a comparison, its money and a single life."""
