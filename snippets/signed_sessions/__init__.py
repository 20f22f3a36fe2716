"""Snippets of the page on sessions: the session in a signed cookie."""
