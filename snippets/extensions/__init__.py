"""Snippets of the page on extensions."""
