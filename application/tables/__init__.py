"""Tables as offices keep them: their kinds and columns, and how a cell is written and read in either language."""
