"""Snippets of the page on SQLite without SQLAlchemy."""
