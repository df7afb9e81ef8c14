"""Gemini draws, by way of Google's SDK."""

from pickabook_desktop.domain.ports import Engine, EngineServices
from pickabook_desktop.providers.gemini.engine import GeminiEngine


def create(services: EngineServices) -> Engine:
    """The engine, for the entry point. The SDK is loaded when it is first asked for something."""
    return GeminiEngine(services)
