"""What `python -m mlpkit` does: one file for each command."""
