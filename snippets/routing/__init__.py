"""Snippets of the page on routing."""
