"""Writers of the trail and of evidence."""
