"""What a letter is, found out from its bytes."""
