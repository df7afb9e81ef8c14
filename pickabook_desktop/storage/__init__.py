"""What is kept: the library of pages, settings, templates and styles."""
