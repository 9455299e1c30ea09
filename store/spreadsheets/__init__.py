"""Tables as files: CSV, XLSX and YAML, read and written. What a table means is known to `application.tables`."""
