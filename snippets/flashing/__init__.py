"""The code on the page about flashing."""
