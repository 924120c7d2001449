"""Other people's curated data become sources and facts of the corpus, each with its citation."""
