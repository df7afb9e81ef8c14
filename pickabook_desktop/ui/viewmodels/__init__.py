"""View-models: the state of a view and its signals, without widgets."""
