"""Getting the program to people who have no terminal: files to double-click, and a folder from which
it installs without a network.
"""
