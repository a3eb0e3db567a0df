"""Frames to gaps: what is expected or promised, minus what was observed. Pure."""
