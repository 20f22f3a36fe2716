"""The code on the page about databases."""
