"""The tracker store: the sessions used lately, in memory, and never more than a fixed number."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class RecentTrackers(InMemoryTrackerStore):
    """Forgets the session that was used least lately when a new one would be one too many.

    A session is disposable: the gateway begins another and tells it where the person is. Rasa's own
    store in memory keeps every session until the process ends.
    """

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        sessions: int = 2000,
        **kwargs: Any,
    ) -> None:
        """Keep as many sessions."""
        super().__init__(domain, event_broker, **kwargs)
        self._sessions = sessions
        self.store: OrderedDict[str, str] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save a session and let go of the oldest beyond the number to keep."""
        await super().save(tracker)
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > self._sessions:
            self.store.popitem(last=False)
