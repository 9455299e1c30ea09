"""The rows of the fault matrix, each a function that plays one fault and says what came of it."""
