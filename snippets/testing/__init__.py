"""Snippets of the page on testing."""
