"""Seating, tickets, staffing, pre-exam meeting, theory room, practical marks, room records."""
