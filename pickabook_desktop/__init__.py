"""PickaBook Desktop: picture-book pages in which a particular child is the hero."""

__version__ = "0.1.0"
