"""Whatever comes in whatever order: STOP holds, duplicates change nothing, all leaves in order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.config import Settings
from assistant.domain.messages import Channel
from assistant.services.ports.addresses import SuppressionReason
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import Post

WORDS = (
    "STOP|REPRENDRE|oui|non|1|2|menu|suite|retour|aide|bonjour|arretez|rappelez-moi demain"
    "|je veux activer mon espace santé|je veux mourir|effacez tout|SEPARER|c'est quoi ce truc"
).split("|")
NUMBERS = itertools.count(600_000_000)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which no budget ends a test."""
    return settings.model_copy(update={"sms_budget_parts_per_day": 10_000})


@given(
    said=st.lists(
        st.tuples(st.sampled_from(WORDS), st.integers(1, 3), st.booleans()), min_size=1, max_size=8
    )
)
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_orders(
    post: Post,
    carrier: FakeCarrier,
    clock: FakeClock,
    said: list[tuple[str, int, bool]],
) -> None:
    number = f"+33{next(NUMBERS)}"
    stopped, hinted = False, False
    # One minute is the limit of a sender; each message takes its own.
    for word, times, is_reported in said:
        before = len(carrier.sent)
        sid = f"SM{next(NUMBERS):032x}"
        for _ in range(times):
            assert post.sms(word, sender=number, sid=sid).status_code == 200
            post.work()
        sent = [text for _, to, text in carrier.sent[before:] if to == number]
        if is_reported and sent:
            outgoing = carrier.sent[-1][0]
            for status in ("delivered", "sent", "delivered"):
                post.status(outgoing, status, carrier.sids[outgoing])
            assert post.work() == 0
        with post.assistant.open_unit_of_work() as work:
            reason = work.suppressions.reason(Channel.SMS, number)
        # Whoever had themselves erased may write again at any time: nothing stopped them.
        was, stopped = stopped, reason not in {None, SuppressionReason.ERASED}
        if was and stopped and word != "je veux mourir":
            # Nothing, or the one hint of the week, or the end of what was said about a danger.
            hint = [text for text in sent if "OUBLIE-MOI" in text]
            assert not (hint and hinted)
            hinted = hinted or bool(hint)
            assert len(sent) <= 1
        if was and not stopped:
            assert word == "REPRENDRE"
        if word == "je veux mourir":
            assert sent
        # One answer, however often the carrier posted the message.
        assert len([text for text in sent if "SUITE" in text]) <= 1
        clock.pass_time(minutes=1)
        if not stopped:
            hinted = False
