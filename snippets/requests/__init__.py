"""Snippets of the page on requests and responses."""
