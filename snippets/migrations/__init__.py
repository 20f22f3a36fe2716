"""Snippets of the page on migrations."""
