"""Procedure migration."""
