"""Pages of occupations, the calendar, the law and the fee tables."""
