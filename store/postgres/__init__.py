"""Connections to PostgreSQL, its migrations, and typed columns."""
