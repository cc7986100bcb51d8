"""What is owed to the outside: one row a message, claimed with a lease, settled by the holder of the lease."""
