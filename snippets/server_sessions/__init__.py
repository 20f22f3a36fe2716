"""Snippets of the page on server-side sessions."""
