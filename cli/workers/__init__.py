"""Processes: supervisor, API, worker, and pools for imports, rebuilds and simulations."""
