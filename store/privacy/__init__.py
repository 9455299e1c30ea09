"""Withholding personal data from readers who may not see it."""
