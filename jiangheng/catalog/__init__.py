"""Occupations, standard versions, application routes, fee tables; the deeds on calendar rows and editable defaults."""
