"""What time it is in London; the only module that asks."""
