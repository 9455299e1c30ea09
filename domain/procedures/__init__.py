"""The escalation ladder as data, and the rules as small functions that explain what they find."""
