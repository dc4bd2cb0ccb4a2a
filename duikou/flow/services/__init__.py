"""Writers of the inbox, of notices and of the calendar."""
