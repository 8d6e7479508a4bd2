"""Starts Rasa's command line (`python serve.py run …`) without work that it repeats for nothing.

The token of the API is taken from RASA_AUTH_TOKEN: a command line can be read by all users of the
machine. Measured with a sampling profiler on Rasa 3.6.21, 131 clicks: half of the server's time
went into checking that a constant JSON schema is one, a thirtieth into listing the kinds of event.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event

TOKEN = "RASA_AUTH_TOKEN"  # noqa: S105 (the name of the variable)

_ACTION_RESULT = Draft202012Validator(RemoteAction.action_response_format_spec())


def validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Check what an action answered as Rasa does, against a schema that was checked once."""
    error = best_match(_ACTION_RESULT.iter_errors(result))
    if error is not None:
        raise error
    return True


def main() -> None:
    """Run Rasa's command line."""
    RemoteAction._validate_action_result = validate_action_result  # noqa: SLF001 (no other way in)
    Event.resolve_by_type = staticmethod(functools.cache(Event.resolve_by_type))
    token = os.environ.pop(TOKEN, None)
    if token is not None:
        sys.argv += ["--auth-token", token]

    from rasa.__main__ import main as rasa_main  # noqa: PLC0415 (after what it uses was changed)

    rasa_main()


if __name__ == "__main__":
    main()
