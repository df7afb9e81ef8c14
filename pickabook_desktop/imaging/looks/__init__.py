"""The ways of drawing a head, by the name a style gives in ``look``."""
