"""The demo: a whole desk on one machine, with people to play and a tour that plays by itself."""
