"""Published and proposed versions of procedures."""
