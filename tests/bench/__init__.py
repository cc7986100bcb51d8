"""How fast and how dear the desk is on this machine, beside what it stands on."""
