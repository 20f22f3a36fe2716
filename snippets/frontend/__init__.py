"""Snippets of the page on the browser's side."""
