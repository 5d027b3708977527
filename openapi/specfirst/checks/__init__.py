"""What a document has to be: linted, compatible with its last release, clear for the generators of
clients.
"""
