"""The desk: a page on this machine that shows two towns living side by side."""
