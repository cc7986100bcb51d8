"""One request of a customer, from the first message to its resolution."""
