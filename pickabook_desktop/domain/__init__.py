"""Frozen data that every floor shares; knows neither Qt nor files nor pixels."""
