"""Whom we work for: contacts, their addresses, and who of them may not write."""
