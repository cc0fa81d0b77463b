"""The reference documents: the ODD protocol, parameters, levers, measures."""
