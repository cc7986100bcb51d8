"""Mail out: a row of the outbox becomes a letter, and the letter is handed to our relay."""
