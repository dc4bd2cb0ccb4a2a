"""Words that every room speaks. No tables, no knowledge of cooperation."""
