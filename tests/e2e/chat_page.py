"""The conversation as somebody uses it in a browser, with or without scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    WebError,
    expect,
)

# A turn takes tens of milliseconds; Rasa is given eight seconds before others answer for it.
ANSWER_MS = 15_000.0
POSTING = "/messages"

# Where the guided flow begins, and what follows « oui ».
CODE = "activer_espace/code_recu"
NEXT = "activer_espace/code_support"


@dataclass
class ChatPage:
    """A page of the browser that shows the conversation."""

    page: Page

    def __post_init__(self) -> None:
        """Wait no longer for anything than a slow turn takes."""
        self.page.set_default_timeout(ANSWER_MS)

    def open(self) -> ChatPage:
        """Go to the first page, or reload it."""
        self.page.goto("/")
        return self

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#text")

    @property
    def messages(self) -> Locator:
        """Each line of the conversation."""
        return self.page.locator("#messages > .message")

    @property
    def own(self) -> Locator:
        """What the citizen said."""
        return self.page.locator("#messages > .message.citizen")

    @property
    def last(self) -> Locator:
        """The latest line."""
        return self.messages.last

    @property
    def said_ids(self) -> list[str]:
        """The ids of the lines after the welcome, which has none that lasts."""
        return [each.get_attribute("id") or "" for each in self.messages.all()][1:]

    @property
    def last_kinds(self) -> list[str]:
        """The kinds of the lines that answered the latest message, as ``danger`` or ``ask``."""
        kinds: list[str] = []
        for each in reversed(self.messages.all()):
            classes = (each.get_attribute("class") or "").split()
            if "citizen" in classes:
                break
            kinds[:0] = classes[-1:]
        return kinds

    @property
    def offered(self) -> list[str]:
        """The ids of the answers that can be picked now."""
        buttons = self.page.locator("#messages button[name=choice]:enabled").all()
        return [each.get_attribute("value") or "" for each in buttons]

    @property
    def step(self) -> str | None:
        """The step that waits, as ``flow/step``."""
        for choice in self.offered:
            kind, *place = choice.split("/")
            if kind == "step":
                return "/".join(place[:2])
        return None

    def choice(self, ending: str) -> Locator:
        """Find the answer whose id ends so."""
        return self.page.locator(f"#messages button[name=choice][value$='{ending}']:enabled")

    def write(self, text: str) -> ChatPage:
        """Type a message, send it as people do, and wait for the answer."""
        before = self.own.count()
        self.box.fill(text)
        if self.has_scripts:
            self.box.press("Enter")
        else:
            self.page.locator("#send").click()
        return self.wait_for_answer(before + 1)

    def press(self, ending: str) -> ChatPage:
        """Press the answer whose id ends so, and wait for what follows."""
        before = self.own.count()
        self.choice(ending).click()
        return self.wait_for_answer(before + 1)

    def wait_for_answer(self, own: int) -> ChatPage:
        """Wait until so many messages of the citizen are shown, the latest with its answer."""
        expect(self.own).to_have_count(own, timeout=ANSWER_MS)
        expect(self.page.locator("#send:not([aria-disabled])")).to_be_visible(timeout=ANSWER_MS)
        expect(self.page.locator("#messages > .message:last-child:not(.citizen)")).to_be_attached()
        return self

    @property
    def has_scripts(self) -> bool:
        """Tell whether scripts run here: they unhide what is useless without them."""
        return self.page.locator("[data-script]:not([hidden])").count() > 0

    @property
    def focused(self) -> str:
        """The id of what has the focus."""
        found: str = self.page.evaluate("document.activeElement.id")
        return found

    @property
    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        found: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return found


@dataclass
class Sent:
    """The messages that a page posts, as they leave the browser."""

    forms: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def by(cls, page: Page) -> Sent:
        """Begin to note what a page posts."""
        sent = cls()
        page.on("request", sent._note)
        return sent

    @property
    def keys(self) -> list[str]:
        """The idempotency key of each post."""
        return [each["key"] for each in self.forms]

    def _note(self, request: Request) -> None:
        if request.method == "POST" and request.url.endswith(POSTING):
            fields = parse_qs(request.post_data or "", keep_blank_values=True)
            self.forms.append({name: values[0] for name, values in fields.items()})


@dataclass
class Witness:
    """What a browser complains about: scripts, the security policy, requests to other sites."""

    home: str
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of a browser session."""
        context.on("console", self._heard)
        context.on("weberror", self._failed)
        context.on("request", self._requested)

    def forgive(self, words: str) -> None:
        """Expect a complaint that holds these words: a refusal is one of the browser's errors."""
        self.forgiven.append(words)

    @property
    def unforgiven(self) -> list[str]:
        """The complaints that nobody expected."""
        return [
            each for each in self.complaints if not any(words in each for words in self.forgiven)
        ]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _failed(self, failure: WebError) -> None:
        self.complaints.append(f"script: {failure.error}")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.complaints.append(f"another site: {request.url}")
