"""Snippets of the page on password hashes."""
