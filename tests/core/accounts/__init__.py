"""Accounts in the core."""
