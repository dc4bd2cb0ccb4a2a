"""What people fill in about monthly reports."""
