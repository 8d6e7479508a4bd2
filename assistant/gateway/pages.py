"""Fills the templates of the page with a conversation or an article."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation, Holder
from assistant.domain.errors import ContentError
from assistant.domain.messages import Author, Channel, Message
from assistant.domain.retention import WINDOWS
from assistant.domain.whom import Whom
from assistant.gateway.views import (
    MessageView,
    asset,
    environment,
    live_message,
    message_views,
)
from assistant.rendering.catalogue import SOURCE_LANGUAGE, direction_of
from assistant.rendering.places import spoken_number
from assistant.rendering.retention import length_of
from assistant.rendering.web import blocks
from assistant.services.dialogue.discretion import Sight
from assistant.services.resume import CODE_LIVES, ResumeCode

_WARNING_SECONDS = 120
_HARMLESS = "public_service_site"


class Pages:
    """The pages in words; it asks the use cases for what to show and decides nothing."""

    def __init__(self, assistant: Assistant) -> None:
        """Show what ``assistant`` knows."""
        self._assistant = assistant
        self._environment = environment()
        self.language = SOURCE_LANGUAGE

    def landing(self, notice: str | None = None, draft: str | None = None) -> str:
        """Show the first question; nothing is stored yet."""
        now = self._assistant.now()
        welcome = self._assistant.conversations.steering.welcome()
        messages = [
            Message(
                id=f"welcome-{number}",
                sequence=number,
                author=Author.ASSISTANT,
                kind=instruction.kind,
                instruction=instruction,
                words=self._assistant.catalogue.say(instruction, self.language, Channel.WEB),
                language=self.language,
                created_at=now,
            )
            for number, instruction in enumerate(welcome.instructions)
        ]
        return self._chat(Sight(messages), None, None, notice, draft)

    def chat(
        self,
        conversation: Conversation,
        csrf: str | None,
        notice: str | None = None,
        draft: str | None = None,
    ) -> str:
        """Show a conversation."""
        messages = self._assistant.conversations.history(conversation)
        sight = self._assistant.discretion.in_sight(conversation, messages)
        return self._chat(sight, conversation, csrf, notice, draft)

    def fragment(
        self, conversation: Conversation, thread: Sequence[Message], fresh: Sequence[Message]
    ) -> str:
        """Show the new messages of a whole conversation, or those of them that are in sight."""
        sight = self._assistant.discretion.in_sight(conversation, thread)
        shown = {message.id for message in sight.messages}
        messages = [message for message in fresh if message.id in shown]
        return self.render(
            "_messages.html",
            conversation.language,
            conversation.state.whom,
            messages=self.views(messages),
            current=live_message(messages),
            **_frame(conversation, sight),
        )

    def notice(self, key: str) -> str:
        """Return the words of a kind refusal."""
        return self._assistant.catalogue.interface(key, self.language)

    def notice_fragment(self, notice: str) -> str:
        """Show a refusal alone."""
        return self.render("_notice.html", self.language, notice=notice)

    @property
    def harmless_site(self) -> str:
        """The address to leave for: an official site that anybody may be looking at."""
        url = self._assistant.catalogue.facts[_HARMLESS].url
        if url is None:
            raise ContentError(f"the fact {_HARMLESS} has no address")
        return url

    def idle(self, csrf: str | None, seconds_left: int) -> str:
        """Ask whether somebody is still there."""
        return self._plain("idle.html", "page.idle_title", csrf=csrf, seconds_left=seconds_left)

    def erased(self) -> str:
        """Say that nothing is left."""
        return self._plain("erased.html", "page.erased_title")

    def code(self, conversation: Conversation, code: ResumeCode) -> str:
        """Show the digits that open the conversation on another device."""
        half = len(code.digits) // 2
        return self._plain(
            "code.html",
            "page.code_title",
            conversation.language,
            digits=(code.digits[:half], code.digits[half:]),
            last=self._assistant.conversations.history(conversation)[-1].id,
            minutes=int(CODE_LIVES.total_seconds() // 60),
            address=str(self._assistant.settings.public_url).rstrip("/"),
            number=spoken_number(self._assistant.settings.code_number),
        )

    def ask_code(self, csrf: str | None, *, begun: bool, notice: str | None = None) -> str:
        """Ask for the digits that another device shows."""
        return self._plain(
            "ask_code.html", "page.take_title", csrf=csrf, begun=begun, notice=notice
        )

    def elsewhere(self) -> str:
        """Say that the conversation goes on with another device."""
        return self._plain("elsewhere.html", "page.elsewhere_title")

    def article(self, name: str) -> str:
        """Show one of the articles: legal, privacy, accessibility."""
        t = self.words(self.language)
        heading = t(f"page.{name}")
        settings = self._assistant.settings
        body = blocks(
            t(
                f"article.{name}",
                publisher=settings.publisher,
                contact=settings.contact,
                hosting=settings.hosting,
                unkept_hours=settings.unkept_hours,
                keep_days=settings.keep_days,
                consent_days=settings.consent_days,
                shared_minutes=settings.shared_device_minutes,
            )
        )
        windows = [*self._windows()] if name == "privacy" else []
        title = f"{heading} - {t('page.brand')}"
        return self.render(
            "page.html", self.language, title=title, heading=heading, body=body, windows=windows
        )

    def _windows(self) -> Iterator[str]:
        """Yield how long each kind of data is kept, and why: what the code itself obeys."""
        t, settings = self.words(self.language), self._assistant.settings
        for kind, window in WINDOWS.items():
            lasts = ""
            if window.count is not None:
                count = getattr(settings, window.setting) if window.setting else None
                lasts = length_of(window, self.language, count)
            yield t(f"retention.{kind}", lasts=lasts)

    def error(self, status: int) -> str:
        """Show a kind word about what went wrong."""
        return self._plain("error.html", "page.brand", status=status)

    def _chat(
        self,
        sight: Sight,
        conversation: Conversation | None,
        csrf: str | None,
        notice: str | None,
        draft: str | None,
    ) -> str:
        language, whom = self.language, Whom.SELF
        if conversation is not None:
            language, whom = conversation.language, conversation.state.whom
        return self.render(
            "chat.html",
            language,
            whom,
            csrf=csrf,
            key=str(uuid.uuid4()),
            messages=self.views(sight.messages),
            current=live_message(sight.messages),
            notice=notice,
            draft=draft,
            conversation=conversation is not None,
            idle_seconds=self._assistant.settings.shared_device_minutes * 60,
            warning_seconds=_WARNING_SECONDS,
            harmless_site=self.harmless_site,
            **_frame(conversation, sight),
        )

    def views(self, messages: Sequence[Message]) -> list[MessageView]:
        """Return the messages as the templates show them."""
        return message_views(messages, self._assistant.catalogue)

    def words(self, language: str, whom: Whom = Whom.SELF) -> Callable[..., str]:
        """Return the sentences of the page, by key, for one reader."""

        def words(key: str, **params: object) -> str:
            return self._assistant.catalogue.interface(key, language, whom, **params)

        return words

    def render(
        self, template: str, language: str, whom: Whom = Whom.SELF, **context: object
    ) -> str:
        """Fill a template."""
        base: dict[str, object] = {
            "language": language,
            "direction": direction_of(language),
            "t": self.words(language, whom),
            "asset": asset,
            "csrf": None,
            "notice": None,
            "draft": None,
            "conversation": False,
            "shared": False,
        }
        return self._environment.get_template(template).render({**base, **context})

    def _plain(
        self, template: str, title: str, language: str | None = None, **context: object
    ) -> str:
        language = language or self.language
        words = self.words(language)
        return self.render(template, language, Whom.SELF, title=words(title), **context)


def _frame(conversation: Conversation | None, sight: Sight) -> dict[str, object]:
    """Return what the page around the messages depends on; it may change with each of them.

    When ``frame`` changes, an open page must be opened again.
    """
    if conversation is None:
        shared, helping, held_by = False, False, Holder.ASSISTANT
    else:
        shared, held_by = conversation.shared_device, conversation.held_by
        helping = conversation.state.whom is Whom.OTHER
    signs = {"shared": shared, "helping": helping}
    return {
        **signs,
        "frame": " ".join(name for name, sign in signs.items() if sign),
        "delicate": bool(sight.delicate),
        "held_by": held_by.value,
    }
