"""Keep the price in cents instead of a fraction, also of the rows that exist."""

import sqlalchemy as sa
from alembic import op

revision = "v2"
down_revision = "v1"

# only what this script needs; the models may look different by now
article = sa.table("article", sa.column("price", sa.Double), sa.column("cents", sa.Integer))


def upgrade() -> None:
    with op.batch_alter_table("article") as batch:
        batch.add_column(sa.Column("cents", sa.Integer(), nullable=True))
    cents = sa.cast(sa.func.round(article.c.price * 100), sa.Integer)
    op.execute(article.update().values(cents=cents))
    with op.batch_alter_table("article") as batch:
        batch.alter_column("cents", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("price")


def downgrade() -> None:
    with op.batch_alter_table("article") as batch:
        batch.add_column(sa.Column("price", sa.Double(), nullable=True))
    op.execute(article.update().values(price=article.c.cents / 100.0))
    with op.batch_alter_table("article") as batch:
        batch.alter_column("price", existing_type=sa.Double(), nullable=False)
        batch.drop_column("cents")
