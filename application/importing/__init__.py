"""Moving in with spreadsheets: tables are checked whole, then recorded in batches (rule 17)."""
