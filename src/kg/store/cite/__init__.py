"""A query becomes an answer that cites: for each row, the facts that it rests on, and who says so."""
