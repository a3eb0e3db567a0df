"""The world and the monitor that looks at it."""

from world.fixtures import monitor, world

__all__ = ["monitor", "world"]
