"""Server-sent events: whoever listens to a conversation is told when it has something new."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.errors import NotFound
from assistant.domain.messages import Message

# Another process may have written: its announcement does not reach this one, so the table is read
# now and then as well. It also keeps proxies, which drop silent streams after 60 s, awake.
LOOK_SECONDS = 5.0


class LiveAnnouncer:
    """Wakes the event streams of this process, from whichever thread a turn ended in."""

    def __init__(self) -> None:
        """Begin without listeners."""
        self._listeners: defaultdict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = (
            defaultdict(set)
        )

    def announce(self, conversation_id: str) -> None:
        """Wake whoever listens to this conversation."""
        for loop, event in tuple(self._listeners.get(conversation_id, ())):
            loop.call_soon_threadsafe(event.set)

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """Give an event that is set at each announcement, while the block lasts."""
        entry = (asyncio.get_running_loop(), asyncio.Event())
        self._listeners[conversation_id].add(entry)
        try:
            yield entry[1]
        finally:
            self._listeners[conversation_id].discard(entry)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]


async def news(
    assistant: Assistant, announcer: LiveAnnouncer, conversation: Conversation, after: str | None
) -> AsyncIterator[Sequence[Message] | None]:
    """Yield the messages that come after one; None when there is nothing for a while.

    Ends when the conversation is erased, or goes on elsewhere: another device opened it.
    """
    with announcer.listen(conversation.id) as event:
        opened_by: str | None = None
        while True:
            event.clear()
            try:
                opener = await asyncio.to_thread(assistant.conversations.opener, conversation)
                if opened_by not in (None, opener):
                    return
                opened_by = opener
            except NotFound:
                return
            try:
                messages = await asyncio.to_thread(
                    assistant.conversations.history, conversation, after
                )
            except NotFound:
                if after is None:
                    return
                # The line itself was erased since: from the beginning, then.
                after = None
                continue
            if messages:
                after = messages[-1].id
                yield messages
            else:
                yield None
            try:
                await asyncio.wait_for(event.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
