"""Reads of this room: projects as bars, as cards, by region; all through what the viewer may know of."""
