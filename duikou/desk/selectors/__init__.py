"""What the pages of this room show, put together from the rooms below, scoped to the viewer."""
