"""Text that came from outside, cleaned at the door: what no label needs, and a terminal or an encoder chokes on."""

import re

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def without_controls(text: str) -> str:
    """The text without control characters, changes of direction and halves of characters; lines and tabs stay."""
    return text if text.isprintable() else _UNSAFE.sub("", text)
