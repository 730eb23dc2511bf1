"""Occupations, standard versions, application routes, fee tables, calendar rows and editable defaults."""
