"""The circuit breaker, on a clock of the test."""

from __future__ import annotations

from assistant.adapters.breaker import CircuitBreaker


class Seconds:
    """A clock in seconds."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_opens_after_failures_in_a_row_and_tries_again_once_a_rest() -> None:
    clock = Seconds()
    breaker = CircuitBreaker(3, 5.0, clock)
    for _ in range(2):
        breaker.failed()
        assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.now = 5.0
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.failed()
    clock.now = 9.9
    assert not breaker.allows()
    clock.now = 10.0
    assert breaker.allows()
    breaker.succeeded()
    assert all(breaker.allows() for _ in range(3))


def test_a_rest_that_was_asked_for_is_kept_whatever_fails_meanwhile() -> None:
    clock = Seconds()
    breaker = CircuitBreaker(3, 5.0, clock)
    breaker.rest(60.0)
    breaker.failed()
    breaker.succeeded()
    clock.now = 59.0
    assert breaker.is_open
    assert not breaker.allows()
    clock.now = 60.0
    assert breaker.allows()
    breaker.succeeded()
    assert not breaker.is_open


def test_a_success_forgets_the_failures_before_it() -> None:
    breaker = CircuitBreaker(2, 5.0, Seconds())
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.allows()
