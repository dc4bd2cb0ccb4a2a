"""Commands of the installation itself; rooms bring their own in `duikou/<room>/commands.py`."""
