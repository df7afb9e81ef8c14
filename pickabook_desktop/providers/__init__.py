"""Engines that draw, each behind the same request and events."""
