"""Read model `caseload`: one row per case, and the queries of the case list."""
