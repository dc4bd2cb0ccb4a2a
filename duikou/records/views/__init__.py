"""Pages of proof."""
