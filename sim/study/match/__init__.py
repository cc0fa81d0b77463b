"""History matching: which sets of parameter values are not ruled out by what is known of towns."""
