"""Facts become quads, and quads become a build."""
