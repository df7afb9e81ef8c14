"""A small memory of finished work, safe to share between threads."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Keeps the ``limit`` most recently used values, and no more than ``max_weight`` together."""

    def __init__(
        self,
        limit: int,
        max_weight: float = float("inf"),
        weigh: Callable[[Value], float] = lambda _: 0.0,
    ) -> None:
        self._limit = limit
        self._max_weight = max_weight
        self._weigh = weigh
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of ``key``, made where it is not known; who asks meanwhile waits for it."""
        with self._lock:
            if key in self._values:
                return self._used(key)
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._used(key)
            try:
                value = make()
                self._keep(key, value)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def __len__(self) -> int:
        return len(self._values)

    def _used(self, key: Hashable) -> Value:
        self._values.move_to_end(key)
        return self._values[key]

    def _keep(self, key: Hashable, value: Value) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while self._too_much():
                self._values.popitem(last=False)

    def _too_much(self) -> bool:
        if len(self._values) > self._limit:
            return True
        total = sum(self._weigh(value) for value in self._values.values())
        return len(self._values) > 1 and total > self._max_weight
