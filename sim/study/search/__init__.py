"""Search for good plans: candidates for an amount of money, halved over worlds, confirmed on fresh ones."""
