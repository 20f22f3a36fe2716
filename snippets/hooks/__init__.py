"""Code that runs before and after each request, and the functions that templates call."""
