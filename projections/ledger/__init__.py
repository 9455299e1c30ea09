"""Read model `ledger`: one row per numbered case."""
