"""Snippets of the page on OpenAPI."""
