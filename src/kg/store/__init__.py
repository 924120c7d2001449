"""A build becomes something that answers queries."""
