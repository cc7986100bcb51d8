"""From the bytes of a letter to what it means for the desk: parse, trim, thread, classify, route."""
