"""The workbook of a comparison, sheet by sheet."""
