"""One margin of a published table: hidden cells, what is shown beside them, and their total."""

from monitor.statistics.disclosure import Sum, Table


def margin(total: float | None, shown: float | None, hidden: int, low: float, high: float) -> Table:
    """Cells 0 to `hidden` - 1, each from `low` to `high`; with what is `shown` they add up to a known `total`."""
    cells = range(hidden)
    limits = dict.fromkeys(cells, low), dict.fromkeys(cells, high)
    if total is None or shown is None:
        return Table([], {}, *limits)
    return Table([Sum(frozenset([*cells, hidden]), hidden + 1)], {hidden: shown, hidden + 1: total}, *limits)
