"""Tables in files that people open: CSV and XLSX, written and read."""
