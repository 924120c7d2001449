"""Sources as they are: records, passages and the texts they point into."""
