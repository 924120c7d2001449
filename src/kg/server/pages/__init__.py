"""Look-ups as pages for people: rendered here, readable without scripts."""
