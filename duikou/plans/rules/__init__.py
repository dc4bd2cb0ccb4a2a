"""Pure words of the room: no Django, no queries."""
