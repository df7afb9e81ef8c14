"""The window: widgets, view-models, theme."""
