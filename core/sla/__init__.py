"""Service levels: within how much working time customers are answered and their cases resolved."""
