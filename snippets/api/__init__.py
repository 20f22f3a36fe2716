"""Snippets of the page on JSON APIs."""
