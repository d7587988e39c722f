"""Whole sessions out of real processes, without a screen, and what breaks them."""

from pathlib import Path

PLUGINS = Path(__file__).parent / "plugins"
"""On PYTHONPATH of every program here, and on pytest's own path."""
