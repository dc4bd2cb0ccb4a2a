"""Pure arithmetic of parks: the two columns, periods, disclosure, outlines."""
