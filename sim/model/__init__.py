"""The town of one seed: its tables, the processes of a week, what is recorded, and Mesa's interface
to it.
"""
