"""The scheduler service: the same pass, at declared and announced times."""
