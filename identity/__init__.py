"""Keys and tokens: who sent a request."""
