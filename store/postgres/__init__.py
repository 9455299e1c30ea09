"""Connections, pools and schema migrations."""
