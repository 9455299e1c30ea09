"""What runs projections: batches, prefetching, caches, parked streams, retries."""
