"""Pages of the room: everything here is published."""
