"""What Alembic runs: the steps, on the connection and in the transaction that `kit.store.migrate` opened."""

from alembic import context

from kit.store.schema import metadata

# No transaction of its own: the one that it is given holds all steps and the record of them.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
