"""What the desk is: its tables, its rules, its verbs; SQLAlchemy is the only framework it knows."""
