"""`python -m config` is `duikou` from a checkout that is not installed."""

from config.cli import main

main()
