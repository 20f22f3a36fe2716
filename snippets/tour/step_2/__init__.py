"""Step 2 of the tour."""
