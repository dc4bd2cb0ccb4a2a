"""What the desk passes on between rooms that do not know each other."""
