"""Digests: what they tell, and that each comes once."""
