"""Breaks what the session interfaces stand on, under load, and counts what that costs: ``nox -s chaos``."""
