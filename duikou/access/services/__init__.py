"""The only writers of the room."""
