"""The result: the picture canvas with its toolbar and the variations of a page."""
