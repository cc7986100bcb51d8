"""The command line, one file a command, and the composition of the parts."""
