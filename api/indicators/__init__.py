"""Indicators and deadlines."""
