"""Dialogues as values: what is asked, and what is made of the answer; their state is in the database."""
