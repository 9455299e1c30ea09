"""Sessions called for days to come, over all cases."""
