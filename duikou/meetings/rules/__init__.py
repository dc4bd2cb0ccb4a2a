"""What minutes say, how often one meets, and who attended: pure reading, no Django."""
