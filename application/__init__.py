"""What the product does with the domain: it handles commands, the only way to write, and opens case files."""
