"""Facts that happened. A topic, once released, is never edited: a changed payload is a new version."""
