"""The settings: the only reader of the environment, and the refusal of unsafe defaults."""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.domain.errors import UnsafeConfiguration

# As long as the SHA-256 that they key (RFC 2104, section 3).
SHORTEST_KEY = 32

NOT_DECLARED = "Version d'essai : à compléter par qui met ce service en ligne."

# Arcep keeps 06 39 98 00 00 to 06 39 98 99 99 for fiction.
DESK_NUMBER = "+33639980000"
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
# E.164; a short code; an alphanumeric sender (letters, digits, spaces, one letter at least).
_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,6}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")

ROOT = Path(__file__).resolve().parent.parent


class Environment(StrEnum):
    """Where the product runs; production refuses what is convenient on a desk."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SmsMode(StrEnum):
    """Who carries the SMS."""

    OFF = "off"
    TWILIO = "twilio"
    PHONE = "phone"


@dataclass(frozen=True)
class SmsAccount:
    """What is needed to send SMS and to know who signed those that come in."""

    sid: str
    auth_token: str = field(repr=False)
    sender: str
    api: str
    """The address of the carrier's API; empty: its own."""

    @property
    def is_one_way(self) -> bool:
        """Tell whether the sender is a name, which nobody can answer."""
        return not self.sender.lstrip("+").isdecimal()


class Settings(BaseSettings):
    """What an operator may change; each field is the variable ``PASAPAS_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="PASAPAS_", frozen=True, extra="ignore")

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="`production` demands secret keys, HTTPS and tokens.",
    )
    data_dir: Path = Field(
        ROOT / "var",
        description="Folder of the embedded database, the keys made here and the logs.",
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy address of the database; empty: SQLite in the data folder.",
    )
    secret_keys: SecretStr = Field(
        SecretStr(""),
        description="Secrets of 32 characters or more, comma-separated, newest first; empty in "
        "development: one is made in the data folder.",
    )
    hash_key: SecretStr = Field(
        SecretStr(""),
        description="Secret of 32 characters or more under which addresses are recognised; it must "
        "never change. Empty in development: the oldest of the secret keys.",
    )
    host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    port: int = Field(8000, description="Port of the gateway.")
    actions_port: int = Field(5055, description="Port of the action server (private).")
    rasa_port: int = Field(5005, description="Port of Rasa (private).")
    public_url: HttpUrl = Field(
        HttpUrl("http://localhost:8000"), description="Address under which people see the gateway."
    )
    actions_url: str = Field(
        "", description="Address of the action server; empty: this machine, `actions_port`."
    )
    rasa_url: str = Field("", description="Address of Rasa; empty: this machine, `rasa_port`.")
    rasa_token: SecretStr = Field(
        SecretStr(""),
        description="Token of Rasa's API; empty in development: derived from the key.",
    )
    rasa_seconds: float = Field(
        8.0, gt=0, le=30, description="Time given to Rasa for one message, in seconds."
    )
    rasa_turns: int = Field(
        12, ge=1, description="Turns after which the disposable Rasa session is renewed."
    )
    messages_per_minute: int = Field(
        400, ge=1, description="Messages accepted in one minute in one conversation."
    )
    conversations_per_minute: int = Field(
        300,
        ge=1,
        description="Conversations opened in one minute from one address, which a whole town may "
        "share behind its mobile operator.",
    )
    shared_device_minutes: int = Field(
        15,
        ge=1,
        description="Idle minutes after which a conversation on a shared computer is erased.",
    )
    sms: SmsMode = Field(
        SmsMode.OFF,
        description="`off`, `twilio`, or `phone`: a telephone on the desk at `/dev/phone` "
        "(development only).",
    )
    twilio_account_sid: str = Field("", description="Account at Twilio (`AC…`).")
    twilio_auth_token: SecretStr = Field(
        SecretStr(""), description="Secret of the account: signs what Twilio posts to us."
    )
    twilio_number: str = Field(
        "",
        description="Sender of our SMS: `+33…`, a short code, or a name of 11 letters at most, "
        "which nobody can answer.",
    )
    twilio_api: str = Field(
        "", description="Address of Twilio's API; empty: its own, or the telephone's."
    )
    sms_budget_parts_per_day: int = Field(
        150, ge=1, description="Parts of SMS that one number may be sent in a day."
    )
    sms_price_per_part_euros: Decimal | None = Field(
        None, ge=0, description="Price of one part of an SMS, from your contract; empty: unknown."
    )
    places_url: str = Field(
        "",
        description="Address of a list of places, read again every day; empty: the shipped places.",
    )
    communes_url: str = Field(
        "",
        description="Address of the national list of communes, read again every week; empty: the "
        "shipped ones.",
    )
    unkept_hours: int = Field(
        24,
        ge=1,
        description="Idle hours after which a conversation is erased that nobody asked to keep.",
    )
    keep_days: int = Field(
        30,
        ge=1,
        description="Idle days after which a conversation is erased that somebody asked to keep.",
    )
    consent_days: int = Field(
        365, ge=31, description="Days after which a consent ends, unless it is given again."
    )
    publisher: str = Field(
        NOT_DECLARED, description="Who publishes the service: name, address (legal notice)."
    )
    contact: str = Field(
        NOT_DECLARED, description="Where people write about their data or an obstacle."
    )
    hosting: str = Field(
        NOT_DECLARED, description="Who hosts the service: name, address (legal notice)."
    )

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.environment is Environment.PRODUCTION:
            if not self.secret_keys.get_secret_value():
                raise UnsafeConfiguration("PASAPAS_SECRET_KEYS must be set in production")
            if len(self.hash_key.get_secret_value()) < SHORTEST_KEY:
                raise UnsafeConfiguration("PASAPAS_HASH_KEY must be set in production")
            if not self.rasa_token.get_secret_value():
                raise UnsafeConfiguration("PASAPAS_RASA_TOKEN must be set in production")
            if NOT_DECLARED in (self.publisher, self.contact, self.hosting):
                # Law no. 2004-575, article 6 III: an online service says who publishes and hosts.
                raise UnsafeConfiguration(
                    "PASAPAS_PUBLISHER, PASAPAS_CONTACT, PASAPAS_HOSTING must be set in production"
                )
            if self.public_url.scheme != "https":
                raise UnsafeConfiguration("PASAPAS_PUBLIC_URL must be an https address")
        if any(len(key) < SHORTEST_KEY for key in self._given_keys()):
            raise UnsafeConfiguration("each key of PASAPAS_SECRET_KEYS needs 32 characters")
        return self

    @model_validator(mode="after")
    def _refuse_sms_without_account(self) -> Self:
        if self.sms is SmsMode.PHONE and self.is_production:
            raise UnsafeConfiguration("PASAPAS_SMS=phone is for development")
        if self.sms is not SmsMode.TWILIO:
            return self
        missing = [
            f"PASAPAS_{name.upper()}"
            for name, value in (
                ("twilio_account_sid", self.twilio_account_sid),
                ("twilio_auth_token", self.twilio_auth_token.get_secret_value()),
                ("twilio_number", self.twilio_number),
            )
            if not value
        ]
        if missing:
            raise UnsafeConfiguration(f"{', '.join(missing)} must be set for SMS")
        if not _ACCOUNT.fullmatch(self.twilio_account_sid):
            raise UnsafeConfiguration("PASAPAS_TWILIO_ACCOUNT_SID must be AC and 32 digits")
        if not _SENDER.fullmatch(self.twilio_number):
            raise UnsafeConfiguration("PASAPAS_TWILIO_NUMBER must be +33…, a short code or a name")
        if self.is_production and self.twilio_api:
            raise UnsafeConfiguration("PASAPAS_TWILIO_API must be empty in production")
        return self

    def _given_keys(self) -> tuple[str, ...]:
        given = self.secret_keys.get_secret_value().split(",")
        return tuple(key.strip() for key in given if key.strip())

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The secrets that encrypt and sign, newest first; made once on a desk."""
        return self._given_keys() or (_made_once(self.data_dir / "secret.key"),)

    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose, which change with the newest key."""
        return _derived(self.keys[0], purpose)

    def hash_secret(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose, which never change: hashes under them are kept."""
        return _derived(self.hash_key.get_secret_value() or self.keys[-1], purpose)

    @property
    def sealing_keys(self) -> tuple[str, ...]:
        """The keys of the ring that seals addresses, newest first, in url-safe base64."""
        return tuple(
            base64.urlsafe_b64encode(_derived(key, "sealing")).decode() for key in self.keys
        )

    @property
    def rasa_api_token(self) -> str:
        """The token of Rasa's API; on a desk it is drawn from the newest key."""
        return self.rasa_token.get_secret_value() or self.secret("rasa").hex()

    @property
    def sms_account(self) -> SmsAccount:
        """The account that carries the SMS; the telephone on the desk has one of its own."""
        if self.sms is SmsMode.TWILIO:
            return SmsAccount(
                self.twilio_account_sid,
                self.twilio_auth_token.get_secret_value(),
                self.twilio_number,
                self.twilio_api,
            )
        return SmsAccount(
            self.twilio_account_sid or f"AC{'0' * 32}",
            self.twilio_auth_token.get_secret_value() or self.secret("twilio").hex(),
            self.twilio_number or DESK_NUMBER,
            self.twilio_api or f"http://127.0.0.1:{self.port}/dev/twilio",
        )

    @property
    def code_number(self) -> str:
        """The number to which a code of the page can be texted; empty where nobody can text us."""
        account = self.sms_account
        return "" if self.sms is SmsMode.OFF or account.is_one_way else account.sender

    @property
    def database(self) -> str:
        """The address of the database in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'pas-a-pas.sqlite3'}"

    @property
    def rasa_address(self) -> str:
        """Where Rasa is reached, without a trailing slash."""
        return (self.rasa_url or f"http://127.0.0.1:{self.rasa_port}").rstrip("/")

    @property
    def actions_address(self) -> str:
        """Where the action server is reached, without a trailing slash."""
        return (self.actions_url or f"http://127.0.0.1:{self.actions_port}").rstrip("/")

    @property
    def is_production(self) -> bool:
        """Tell whether real people depend on this process."""
        return self.environment is Environment.PRODUCTION


def process_environment() -> dict[str, str]:
    """Return the environment that the processes we start inherit."""
    return dict(os.environ)


def _derived(key: str, purpose: str) -> bytes:
    """Draw a key from a key: one step of HKDF (RFC 5869) is an HMAC, and the keys are random."""
    return hmac.digest(key.encode(), purpose.encode(), "sha256")


def _made_once(path: Path) -> str:
    """Return the secret of a file, made when it is missing; processes that race agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        made = path.with_name(f"{path.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), "ascii")
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text("ascii").strip()
