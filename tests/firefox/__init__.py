"""The tests of Run in Firefox: what drives it, and what became of them; see ``__main__``."""
