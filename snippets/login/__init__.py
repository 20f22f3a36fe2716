"""Snippets of the page on logging in."""
