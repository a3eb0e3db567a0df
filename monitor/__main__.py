"""`python -m monitor`: the same doors as `justice-monitor`."""

from monitor.cli import entry

if __name__ == "__main__":
    entry()
