"""The code on the page about templates."""
