"""Publications, baselines and measures: TOML to typed records, with errors that name file, key and remedy."""
