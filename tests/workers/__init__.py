"""Workers, on real brokers and databases."""
