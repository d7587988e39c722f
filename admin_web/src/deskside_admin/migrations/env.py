"""Run the revisions on the connection that `deskside_admin.database.migrate` hands over."""

from alembic import context

from deskside_admin.model import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
with context.begin_transaction():
    context.run_migrations()
