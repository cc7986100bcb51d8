"""What the desk asks of its database: how many statements for each act, and how the database goes about them."""
