"""Looks at cases: recorded before the reply, and listed for those who oversee."""
