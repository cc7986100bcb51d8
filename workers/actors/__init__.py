"""What runs on a wake-up call; each takes the id of a row and looks for itself what there is to do."""
