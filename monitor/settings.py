"""Where things are, and which thresholds."""
