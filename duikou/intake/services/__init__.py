"""Bringing a file in: upload, map, check, decide, commit."""
