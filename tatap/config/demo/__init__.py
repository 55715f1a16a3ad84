"""``tatap demo``: a practice one can walk through, made by calling the real actions, the same at every run."""

from tatap.config.demo.command import main

__all__ = ["main"]
