"""The snippets of the page on tea."""
