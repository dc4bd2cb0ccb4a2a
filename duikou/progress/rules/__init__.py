"""Arithmetic of months and of cumulative figures; nothing here asks a database or a clock."""
