"""Disputes: commands, queries, attachments."""
