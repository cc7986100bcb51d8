"""A piece of work or contact besides the case itself; for now: tasks."""
