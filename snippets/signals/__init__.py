"""Snippets of the page on signals."""
