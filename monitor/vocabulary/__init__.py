"""The field's words as data: characteristics, categories, spellings, symbols, periods, ages, places."""
