"""What a user writes, read and checked: the scenario."""
