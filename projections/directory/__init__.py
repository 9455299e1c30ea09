"""Read model `directory`: units and platforms."""
