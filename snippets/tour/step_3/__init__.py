"""Step 3 of the tour."""
