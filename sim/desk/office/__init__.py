"""The officer's five steps on the page: a town and what is wanted in a form that is the workbook, the
comparison as `sim go` makes it, its result, and the papers.
"""
