"""A publisher on loopback: real shapes, a scripted calendar, and everything that goes wrong with publishers.

`World` serves; `items` are its pages in the shapes of the publisher's own schemas; `workbooks` are small files in
the published geometry. Nothing here is copied from a publisher: names and figures are made up.
"""

from .server import World, broken

__all__ = ["World", "broken"]
