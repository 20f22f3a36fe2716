"""Snippets of the page on deployment."""
