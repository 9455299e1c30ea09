"""Use cases: the command handler (the only writer), case reading, imports, simulation, migrations of procedures."""
