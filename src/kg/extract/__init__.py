"""Text becomes candidate facts, each with the span that states it."""
