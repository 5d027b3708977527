"""The database layer: everything about PostgreSQL, and nothing about HTTP."""
