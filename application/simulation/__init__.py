"""What would have come of the recorded cases under another ladder."""
