"""The rules, one file per module: plain Python, no database."""
