"""What the desk promises, on both databases."""
