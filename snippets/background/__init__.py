"""Snippets of the page on background work."""
