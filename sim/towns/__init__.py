"""What a town is: its people and its organisation, checked; a new one from numbers or a table."""
