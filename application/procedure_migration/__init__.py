"""Moving open cases to another version of their procedure: the plan and the run."""
