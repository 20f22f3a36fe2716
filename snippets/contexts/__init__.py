"""Snippets of the page on contexts."""
