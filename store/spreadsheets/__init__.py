"""Tables as files: CSV, XLSX and YAML, read and written. `application.tables` defines the columns and their meaning."""

from typing import Final

TOO_LARGE: Final = 3
"""The exit code of a child that was handed a workbook too large for it."""
