"""Pages that show what other rooms know."""
