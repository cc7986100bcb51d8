"""Time is a caller too: what is due at an instant, and who holds which lease."""
