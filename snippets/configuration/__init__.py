"""Snippets of the page guide/configuration."""
