"""One pass, readable top to bottom."""
