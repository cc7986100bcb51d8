"""Letters that are sealed or signed (S/MIME, PGP): opened and checked with the keys that the desk was given."""
