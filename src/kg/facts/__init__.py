"""Annotated Turtle becomes facts with citations."""
