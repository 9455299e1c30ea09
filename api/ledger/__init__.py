"""The ledger as JSON, CSV and XLSX."""
