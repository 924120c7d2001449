"""A knowledge graph in which every fact cites the passage that states it."""

__version__ = "0.1.0"
