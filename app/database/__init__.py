"""Everything that knows PostgreSQL; nothing here knows HTTP."""
