"""PostgreSQL: the event log and its codec, attachments, schema migrations, the embedded server; files of tables."""
