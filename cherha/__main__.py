"""`python -m cherha` is `cherha`."""

from cherha.cli import main

main()
