"""Where things stand in TOML text, so that every problem can name its line and column."""

from scheduler.places.toml import LARGEST, Places, read_toml
from scheduler.places.words import did_you_mean, validated

__all__ = ["LARGEST", "Places", "did_you_mean", "read_toml", "validated"]
