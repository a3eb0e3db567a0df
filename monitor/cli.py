"""The doors: one function a verb, parse, call, print, exit code."""
