def write_siblings(f): return []
