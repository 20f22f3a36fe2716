"""Add a table of makers, and allow each name of an article once."""

import sqlalchemy as sa
from alembic import op

revision = "v3"
down_revision = "v2"


def upgrade() -> None:
    op.create_table("maker", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("article") as batch:
        # fails if two articles have the same name
        batch.create_unique_constraint("uq_article_name", ["name"])


def downgrade() -> None:
    with op.batch_alter_table("article") as batch:
        batch.drop_constraint("uq_article_name", type_="unique")
    op.drop_table("maker")
