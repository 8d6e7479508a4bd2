"""An SMS only moves forward, and is tried four times in two hours."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.delivery import (
    FIRST_WAIT,
    LONGEST_WAIT,
    STAGES,
    DeliveryStatus,
    advanced,
    next_try,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
REPORTED = st.sampled_from(
    [
        DeliveryStatus.SENDING,
        DeliveryStatus.SENT,
        DeliveryStatus.DELIVERED,
        DeliveryStatus.UNDELIVERED,
        DeliveryStatus.FAILED,
    ]
)


@given(st.lists(REPORTED, max_size=12))
def test_reports_in_any_order_and_number_only_move_forward(reports: list[DeliveryStatus]) -> None:
    status = DeliveryStatus.QUEUED
    for reported in reports:
        after = advanced(status, reported)
        assert STAGES[after] >= STAGES[status]
        if STAGES[status] == max(STAGES.values()):
            assert after is status
        status = after
    assert STAGES[status] == max((STAGES[each] for each in reports), default=0)


@given(st.permutations([DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.DELIVERED]))
def test_what_was_delivered_ends_delivered(reports: list[DeliveryStatus]) -> None:
    status = DeliveryStatus.QUEUED
    for reported in reports:
        status = advanced(status, reported)
    assert status is DeliveryStatus.DELIVERED


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_next_try_is_soon_and_never_at_once(tries: int, chance: float) -> None:
    wait = next_try(tries, NOW, chance) - NOW
    assert FIRST_WAIT * 0.8 <= wait <= LONGEST_WAIT
    assert wait <= FIRST_WAIT * (1 << min(tries - 1, 20))


def test_chance_spreads_the_tries() -> None:
    assert next_try(1, NOW, 0.0) == NOW + FIRST_WAIT
    assert NOW < next_try(1, NOW, 1.0) < NOW + FIRST_WAIT


def test_every_status_has_a_stage() -> None:
    assert set(STAGES) == set(DeliveryStatus)
