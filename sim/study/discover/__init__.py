"""Scenario discovery: in which worlds an arm fails, or wins."""
