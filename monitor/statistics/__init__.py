"""Pure arithmetic: rates, ratios, intervals, bounds. Frames and arrays in, frames and arrays out."""
