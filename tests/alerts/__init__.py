"""Alerts: what happens to them, as a person who follows one up sees it."""
