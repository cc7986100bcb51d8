"""Who works here: representatives, managers, administrators, and how they are invited."""
