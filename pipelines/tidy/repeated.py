"""Groups that stand twice: two rows or two columns that claim the same figure.

What it makes true: a block whose own label was lost does not add its rows to the block above; a second section
(percentages under counts) is not taken for the first; two rows of one name are both doubted. What it refuses: to
choose which of two cells is the figure. Totals may be repeated, at the top and at the foot of a list.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence


def repeated_rows(
    keys: Sequence[Hashable | None],
    outermost: Sequence[bool],
    totals: Sequence[bool],
    opening: Collection[int] = (),
) -> list[int]:
    """Positions to refuse. `keys` say what each claims (None: nothing), `outermost` which labels end a block, `opening`
    which totals open a list.

    From a repeated group to the next label that ends a block nothing is sure, nor is what stands between it and
    the last label that could not be read or the last repeated total, nor a total that opens the list. A single repeated
    row casts doubt on both.
    """
    first: dict[Hashable, int] = {}
    refused: set[int] = set()
    doubtful: int | None = None
    i = 0
    while i < len(keys):
        key = keys[i]
        doubtful = None if outermost[i] else doubtful
        if key is None:
            doubtful = i if doubtful is None else doubtful
        elif key not in first:
            first[key] = i
        elif totals[i]:
            doubtful = i if doubtful is None else doubtful
        else:
            end = i + 1
            while end < len(keys) and (not outermost[end] or (keys[end] in first and not totals[end])):
                end += 1
            again = [k for k in range(i, end) if keys[k] in first and not totals[k]]
            start = i if doubtful is None else doubtful
            start -= start - 1 in opening
            refused.update(range(start, end), [first[key]] if len(again) == 1 else [])
            doubtful, i = None, end
            continue
        i += 1
    # because of three blocks or more without a label the first is no surer than the rest
    often = {key for key, n in Counter(keys).items() if n > 2}
    refused.update(k for k, key in enumerate(keys) if key in often and not totals[k])
    return sorted(k for k in refused if keys[k] is not None)


def repeated_columns(keys: Sequence[Hashable | None]) -> list[int]:
    """Positions of columns that claim what another column claims: all of them."""
    found: dict[Hashable, list[int]] = {}
    for i, key in enumerate(keys):
        if key is not None:
            found.setdefault(key, []).append(i)
    return sorted(i for several in found.values() if len(several) > 1 for i in several)
