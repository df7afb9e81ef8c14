"""Where pictures are kept besides the library: by name, in folders that a pattern decides."""
