"""Dialogs: settings, about, keyboard shortcuts."""
