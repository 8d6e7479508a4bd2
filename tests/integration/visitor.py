"""Somebody in front of the page, in a browser that runs no script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient

from assistant.gateway.access import COOKIE


@dataclass
class Visitor:
    """A browser without scripts: it fills the forms that the pages show."""

    http: TestClient

    def page(self, path: str = "/") -> str:
        """Open a page and return it."""
        answer = self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers)
        return answer.text

    def post(self, path: str, **fields: str) -> Any:
        """Send a form of the conversation's page."""
        return self.http.post(path, data={"csrf": hidden(self.page(), "csrf"), **fields})

    def says(self, text: str) -> Visitor:
        """Write something; it must be accepted."""
        return self.sends(text=text)

    def picks(self, ending: str) -> Visitor:
        """Press the button whose value ends so; it must be accepted."""
        return self.sends(choice=next(each for each in self.offered if each.endswith(ending)))

    @property
    def offered(self) -> list[str]:
        """The buttons that can be pressed now, those of the tools included."""
        return re.findall(r'name="choice" value="([^"]+)"', self.page())

    @property
    def own(self) -> int:
        """How many messages of the citizen are shown."""
        return self.page().count('class="message citizen')

    @property
    def cookie_lasts(self) -> bool:
        """Tell whether the cookie outlives the browser."""
        cookie = next(each for each in self.http.cookies.jar if each.name == COOKIE)
        return cookie.expires is not None

    def sends(self, **fields: str) -> Visitor:
        """Post these fields of the message form; they must be accepted."""
        html = self.page()
        form = {"csrf": hidden(html, "csrf"), "key": hidden(html, "key"), **fields}
        answer = self.http.post("/messages", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/#suite"), answer.text
        return self


def hidden(html: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, name
    return found[1]
