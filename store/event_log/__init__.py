"""The log of all events in PostgreSQL: append, batching, reading, codec, topics, upcasting, feed, interop."""
