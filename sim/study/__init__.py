"""From scenarios to results: cells, runs, paired comparison, stopping rules, stored results."""
