"""One reader per kind of value: names, identity numbers, certificate numbers."""
