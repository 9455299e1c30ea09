"""Tables as files: CSV, XLSX and YAML, read and written. What a table means is known to `application.tables`."""

from typing import Final

TOO_LARGE: Final = 3
"""The exit code of a child that was handed a workbook too large for it."""
