"""The code on the page about forms."""
