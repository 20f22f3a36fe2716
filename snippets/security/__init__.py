"""Snippets of the page on security."""
