"""Documents that people write by hand, JSON or YAML, read with the line of each of their parts."""
