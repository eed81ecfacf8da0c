"""Redletter: every awareness day that fits an article, published once, on the right date."""

__version__ = "0.1.0"
