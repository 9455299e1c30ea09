"""Storage: the event log, PostgreSQL connections and migrations, the embedded server, attachments, spreadsheets."""
