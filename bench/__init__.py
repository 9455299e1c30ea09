"""Benchmarks: each a ratio against a rival or a limit in the same run. `make bench` runs them all."""
