"""Pure arithmetic of the clock and of figures."""
