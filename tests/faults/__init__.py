"""Faults injected into a whole running desk, and what must be true after them."""
