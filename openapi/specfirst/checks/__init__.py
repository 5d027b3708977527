"""Checks of a document: linted, compatible with its last release, usable by client generators."""
