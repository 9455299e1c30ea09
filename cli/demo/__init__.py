"""The demonstration street at its real size: its people, its settled cases, its stories, and a year of made-up ones."""
