"""The event log: append, batch, read, follow; codec, topics and upcasters."""
