"""What the law says, as plain Python: no Django, no database, no clock."""
