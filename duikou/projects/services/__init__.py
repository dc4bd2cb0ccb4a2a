"""The only writers of projects, statistics, wordings and their summaries."""
