"""Pure functions on pixels: load, find the face, tone, stylise, blend, encode."""
