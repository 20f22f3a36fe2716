"""Snippets of the page on the first application."""
