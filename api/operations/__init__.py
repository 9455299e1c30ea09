"""Liveness, readiness, metrics, documentation."""
