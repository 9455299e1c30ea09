"""Imports of tables, and their templates."""
