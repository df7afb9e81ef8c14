"""Use cases without Qt, and the lanes that run them."""
