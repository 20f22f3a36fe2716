"""Snippets of the tiny site."""
