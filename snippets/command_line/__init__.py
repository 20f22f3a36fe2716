"""Snippets of the page on the flask command."""
