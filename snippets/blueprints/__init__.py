"""Snippets of the page on blueprints and the application factory."""
