"""State, decide, evolve: a package or module per aggregate."""
