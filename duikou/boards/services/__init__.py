"""What leaves the house: prints."""
