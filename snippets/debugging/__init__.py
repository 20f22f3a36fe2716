"""Snippets of the page on debugging."""
