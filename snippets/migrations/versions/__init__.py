"""Scripts of Alembic, in the order in which they run."""
