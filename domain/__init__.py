"""What a dispute is and how it moves: pure values and functions, without I/O, clock, random numbers or settings."""
