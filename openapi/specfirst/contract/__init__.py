"""The document: reading it, following its references, and the lines where it says what."""
