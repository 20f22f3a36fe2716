"""Snippets of the tour from one page to an application."""
