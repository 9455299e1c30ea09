"""Read model `lifelines`: the intervals and milestones of each case, by day."""
