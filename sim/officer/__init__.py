"""The officer's workbook: what a municipality types, read, checked, compared and given back."""
