"""Copies of pages elsewhere: what is on its way there, what is there, and links to it."""
