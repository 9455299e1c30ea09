"""Faults to survive, and the check of the ledger that follows each."""
