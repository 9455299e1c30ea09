"""The event feed: pages and server-sent events."""
