"""Notifications: which recipient is owed which alerts, in which words, by which channel."""
