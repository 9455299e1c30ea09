"""The HTTP interface: one package per resource."""
