"""Snippets of the front page."""
