"""A piece of work or contact besides the case itself: planned, or logged after it happened."""
