"""Files of many formats become documents: clean text, and the bibliography that the file itself gives."""
