"""Arranging a batch (四（六）（七）): who sits where, and who examines and invigilates; solved, checked, explained."""
