"""Snippets of the page on nginx."""
