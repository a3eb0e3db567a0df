"""The words, the arithmetic, the memory, the judgement and the wiring of the Justice Disparity Monitor."""
