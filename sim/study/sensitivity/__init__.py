"""Which parameters an outcome hangs on, beyond what luck alone would show."""
