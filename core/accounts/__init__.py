"""Accounts: the organisations that customers belong to."""
