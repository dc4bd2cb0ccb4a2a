"""Pure rules of the room: names, codes, dates and texts, without database or files."""
