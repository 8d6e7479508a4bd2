"""Fills the templates of the page with a conversation or an article."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.messages import Author, Channel, Message
from assistant.gateway.views import (
    MessageView,
    asset,
    current_step,
    environment,
    live_message,
    message_views,
)
from assistant.rendering.catalogue import SOURCE_LANGUAGE, direction_of
from assistant.rendering.web import blocks

_WARNING_SECONDS = 120


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
        return self._chat(messages, None, None, notice, draft)

    def chat(
        self,
        conversation: Conversation,
        csrf: str | None,
        notice: str | None = None,
        draft: str | None = None,
    ) -> str:
        """Show a conversation."""
        messages = self._assistant.conversations.history(conversation)
        return self._chat(messages, conversation, csrf, notice, draft)

    def fragment(self, messages: Sequence[Message], conversation: Conversation) -> str:
        """Show new messages alone."""
        return self._render(
            "_messages.html",
            conversation.language,
            messages=self._views(messages),
            current=live_message(messages),
            held_by=conversation.held_by.value,
        )

    def notice(self, key: str) -> str:
        """Return the words of a kind refusal."""
        return self._assistant.catalogue.interface(key, self.language)

    def notice_fragment(self, notice: str) -> str:
        """Show a refusal alone."""
        return self._render("_notice.html", self.language, notice=notice)

    def sheet(self, conversation: Conversation) -> str:
        """Show the conversation to be printed."""
        language = conversation.language
        messages = self._assistant.conversations.history(conversation)
        views = self._views(messages)
        step = current_step(views)
        heading = self._t(language)("page.sheet_title")
        stages: list[dict[str, str]] = []
        if step is not None:
            titles = self._assistant.stage_titles(conversation, step.flow)
            stages = [
                {"title": title, "state": _stage_state(number, step.index)}
                for number, title in enumerate(titles, start=1)
            ]
        return self._render(
            "sheet.html",
            language,
            title=heading,
            heading=heading,
            messages=views,
            current=live_message(messages),
            step=step,
            stages=stages,
            contacts=self._contacts(language),
        )

    def idle(self, csrf: str | None, seconds_left: int) -> str:
        """Ask whether somebody is still there."""
        title = self._t(self.language)("page.idle_title")
        return self._render(
            "idle.html", self.language, title=title, csrf=csrf, seconds_left=seconds_left
        )

    def erased(self) -> str:
        """Say that nothing is left."""
        title = self._t(self.language)("page.erased_title")
        return self._render("erased.html", self.language, title=title)

    def article(self, name: str) -> str:
        """Show one of the articles: legal, privacy, accessibility."""
        t = self._t(self.language)
        heading = t(f"page.{name}")
        settings = self._assistant.settings
        body = blocks(
            t(
                f"article.{name}",
                publisher=settings.publisher,
                contact=settings.contact,
                hosting=settings.hosting,
                keep_days=settings.keep_days,
                shared_minutes=settings.shared_device_minutes,
            )
        )
        title = f"{heading} - {t('page.brand')}"
        return self._render("page.html", self.language, title=title, heading=heading, body=body)

    def error(self, status: int) -> str:
        """Show a kind word about what went wrong."""
        title = self._t(self.language)("page.brand")
        return self._render("error.html", self.language, title=title, status=status)

    def _chat(
        self,
        messages: Sequence[Message],
        conversation: Conversation | None,
        csrf: str | None,
        notice: str | None,
        draft: str | None,
    ) -> str:
        language = conversation.language if conversation is not None else self.language
        return self._render(
            "chat.html",
            language,
            title=self._t(language)("page.title"),
            csrf=csrf,
            key=str(uuid.uuid4()),
            messages=self._views(messages),
            current=live_message(messages),
            notice=notice,
            draft=draft,
            conversation=conversation is not None,
            shared=conversation is not None and conversation.shared_device,
            held_by=conversation.held_by.value if conversation is not None else "assistant",
            idle_seconds=self._assistant.settings.shared_device_minutes * 60,
            warning_seconds=_WARNING_SECONDS,
        )

    def _views(self, messages: Sequence[Message]) -> list[MessageView]:
        return message_views(messages, self._assistant.catalogue)

    def _contacts(self, language: str) -> list[dict[str, str | None]]:
        t = self._t(language)
        return [
            {
                "label": t("page.contact_support"),
                "phone": t("page.contact_support_phone"),
                "note": t("page.contact_support_note"),
            },
            {
                "label": t("page.contact_help"),
                "phone": None,
                "note": t("page.contact_help_note"),
            },
        ]

    def _t(self, language: str) -> Any:
        def words(key: str, **params: object) -> str:
            return self._assistant.catalogue.interface(key, language, **params)

        return words

    def _render(self, template: str, language: str, **context: object) -> str:
        base: dict[str, object] = {
            "language": language,
            "direction": direction_of(language),
            "t": self._t(language),
            "asset": asset,
            "csrf": None,
            "notice": None,
            "draft": None,
            "conversation": False,
            "shared": False,
        }
        return self._environment.get_template(template).render({**base, **context})


def _stage_state(number: int, now: int) -> str:
    if number == now:
        return "now"
    return "done" if number < now else "left"
