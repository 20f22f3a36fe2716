"""Snippets of the page on URL converters."""
