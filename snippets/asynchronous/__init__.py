"""Snippets of the page on async views."""
