"""What must be true of staged figures, compiled from declarations and judged by Great Expectations."""
