"""PostgreSQL: the log of events, its encoding, its migrations, and the server that comes along."""
