"""Indicators: their definitions, and the queries over the case history."""
