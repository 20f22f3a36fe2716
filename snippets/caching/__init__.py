"""Snippets of the page on caching."""
