"""Case list."""
