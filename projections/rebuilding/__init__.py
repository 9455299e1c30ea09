"""Rebuilds a read model in a shadow schema while the present version serves."""
