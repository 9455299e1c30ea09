"""Units, platforms and calendars."""
