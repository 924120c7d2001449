"""The store becomes a service."""
