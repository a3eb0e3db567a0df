"""What is shown: summaries in the terminal, tables, charts, pages."""
