"""Engines are found by entry point; one that cannot load is listed, not fatal."""

from importlib.metadata import EntryPoint, distribution

import pytest
from doubles import engine_services

from pickabook_desktop.domain.errors import InputError, NotConfiguredError
from pickabook_desktop.jobs.engines import BUILT_IN, GROUP, EngineRegistry


def registry(**targets: str) -> EngineRegistry:
    points = [EntryPoint(name, value, GROUP) for name, value in targets.items()]
    return EngineRegistry(engine_services(), points)


STORYBOOK = "pickabook_desktop.providers.storybook:create"


def test_an_engine_whose_package_is_missing_is_listed_with_the_reason():
    engines = registry(storybook=STORYBOOK, dream="no_such_package_here:create")
    states = {state.id: state for state in engines.states()}
    assert states["dream"].capabilities is None
    assert "no_such_package_here" in states["dream"].unavailable
    assert states["storybook"].capabilities is not None
    with pytest.raises(NotConfiguredError, match="dream"):
        engines.get("dream")


def test_an_engine_that_fails_to_start_is_listed_with_the_reason():
    state = registry(broken="operator:truediv").states()[0]
    assert (state.id, state.capabilities) == ("broken", None)
    assert state.unavailable


def test_an_unknown_engine_is_refused_with_the_names_there_are():
    with pytest.raises(InputError, match="storybook"):
        registry(storybook=STORYBOOK).get("nothing")


def test_an_engine_is_made_once():
    engines = registry(storybook=STORYBOOK)
    assert engines.get("storybook") is engines.get("storybook")


def test_the_storybook_engine_is_installed():
    assert "storybook" in EngineRegistry(engine_services()).ids


def test_without_templates_the_engine_says_so():
    assert registry(storybook=STORYBOOK).states()[0].unavailable


def test_the_engines_known_at_once_are_those_of_our_own_entry_points():
    ours = distribution("pickabook-desktop").entry_points.select(group=GROUP)
    assert {point.name: point.value for point in ours} == BUILT_IN
