"""SQLite with turns for its writers."""
