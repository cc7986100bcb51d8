"""The database: one schema, SQLite and PostgreSQL made to behave alike."""
