"""A comparison whole: its cells lived, measured, priced, paired by seed, and its claims tested."""
