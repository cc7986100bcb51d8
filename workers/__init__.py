"""Everything that runs on a queue, a clock or a mail socket."""
