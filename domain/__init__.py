"""What a dispute is and how it moves: pure values and functions, no I/O, no clock, no chance, no settings."""
