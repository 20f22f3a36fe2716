"""Step 1 of the tour."""
