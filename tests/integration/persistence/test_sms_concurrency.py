"""Many hands at once: each SMS comes in once, leaves once, and each number keeps its order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, func, select

from assistant.adapters.breaker import CircuitBreaker
from assistant.adapters.content_files import load_content
from assistant.adapters.crypto import Keys
from assistant.adapters.library import ContentLibrary
from assistant.adapters.tables import ConversationRow, InboundRow
from assistant.adapters.unit_of_work import open_reading
from assistant.bootstrap import SilentAnnouncer, build_catalogue
from assistant.domain.delivery import PhoneText
from assistant.domain.messages import Channel
from assistant.domain.sms import SmsReceived
from assistant.services.resume import Resume
from assistant.services.sms.receive_sms import ReceiveSms, SmsOutcome
from assistant.services.sms.send_outbox import SendOutbox
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import NOW, conversation

HANDS = 6


def test_first_messages_of_one_number_meet(open_work: Open, engine: Engine) -> None:
    woken: list[None] = []
    wording = build_catalogue(load_content(), ContentLibrary(engine))
    clock = FakeClock(NOW)
    resume = Resume(open_work, SilentAnnouncer(), clock)
    receive = ReceiveSms(
        open_work, resume, wording, clock, b"k" * 32, wake=lambda: woken.append(None)
    )
    phones = [f"+3361234567{n}" for n in range(4)]
    # As many at once as there are hands: of one new number, each form twice.
    forms = [
        SmsReceived(f"SM{phone}{n % 6}", phone, "bonjour") for phone in phones for n in range(12)
    ]
    together = threading.Barrier(HANDS)

    def post(form: SmsReceived) -> SmsOutcome:
        together.wait()
        return receive(form)

    with ThreadPoolExecutor(HANDS) as pool:
        outcomes = list(pool.map(post, forms))
    assert outcomes.count(SmsOutcome.STORED) == len(woken) == 24
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(ConversationRow)).scalar() == 4
        sequences = connection.execute(
            select(
                InboundRow.conversation_id, func.count(), func.max(InboundRow.sequence)
            ).group_by(InboundRow.conversation_id)
        ).all()
    assert [(count, last) for _, count, last in sequences] == [(6, 6)] * 4


def test_many_senders_send_each_once_and_in_order(
    open_work: Open, engine: Engine, keys: Keys
) -> None:
    carrier = FakeCarrier()
    send = SendOutbox(
        open_work,
        open_reading(engine, keys),
        carrier,
        CircuitBreaker(3, 30.0),
        parts_per_day=1000,
        clock=FakeClock(NOW),
        chance=lambda: 0.5,
    )
    phones = [f"+3361234567{n}" for n in range(4)]
    with open_work() as work:
        for phone in phones:
            work.conversations.add(conversation(phone), "hash")
            address = work.addresses.remember(Channel.SMS, phone, NOW)
            work.addresses.attach(address, phone, NOW)
            texts = [PhoneText(f"{phone} {n}", 1) for n in range(10)]
            work.outbox.put(address, None, texts, NOW)
        work.commit()
    together = threading.Barrier(HANDS)

    def hand() -> None:
        together.wait()
        while due := send.due(50):
            for outgoing_id in due:
                send(outgoing_id)

    with ThreadPoolExecutor(HANDS) as pool:
        for done in [pool.submit(hand) for _ in range(HANDS)]:
            done.result()
    for phone in phones:
        assert [text for text in carrier.texts if text.startswith(phone)] == [
            f"{phone} {n}" for n in range(10)
        ]
