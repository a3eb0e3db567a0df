"""Pure arithmetic: rates, ratios, intervals, bounds. Arrays in, arrays out.

What it makes true: the same counts give the same figure everywhere, for one cell typed in and for ten
million. Why this way: every function takes numbers or arrays that broadcast, works in float64 and touches
nothing else, so any of them can be checked against an independent implementation. What it refuses: to say
more than the counts do. A quantity that is undefined comes back as nan (null further up) and an upper limit
without bound as inf; nothing is replaced by 0, by a cap or by a continuity correction. `calc` turns both into
None for a reader.

The names are imported from their modules (`from monitor.statistics.intervals import wilson`): this one
imports nothing, so that a command that computes no interval does not pay for loading scipy.
"""
