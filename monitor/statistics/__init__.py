"""Pure arithmetic: rates, ratios, intervals, bounds; numbers or arrays in, float64 arrays of the broadcast shape out.

What is undefined is nan and an upper limit without bound inf; `calc` turns both into None.
"""
# because loading scipy is slow, nothing is imported here: names come from their modules
