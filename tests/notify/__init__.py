"""Telling people: what is owed, what is said, and the channels, each spoken to for real on loopback."""
