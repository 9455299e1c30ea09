"""The command line, the worker processes, and the composition root (`bootstrap`)."""
