"""The only room that holds a database connection: vault, journal, staging, main file, named reads."""
