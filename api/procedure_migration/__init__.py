"""Migrations of open cases to another version of their procedure."""
