"""The demonstration street: its units and people, the cases settled in 2025, the stories, and a year of generated cases."""
