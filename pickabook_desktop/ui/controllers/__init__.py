"""What connects widgets and view-models; no drawing and no file access of their own."""
