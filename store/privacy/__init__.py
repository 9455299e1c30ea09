"""Redaction of personal fields."""
