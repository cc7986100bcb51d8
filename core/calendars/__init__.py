"""Arithmetic on time: zones, days, and when somebody works."""
