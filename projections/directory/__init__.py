"""Read model `directory`: units, platforms and mediators."""
