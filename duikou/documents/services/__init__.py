"""Papers made: composed from what rooms know, set as PDF, written as Word and Excel."""
