"""Read models: their tables, the projections that write them, and their queries."""
