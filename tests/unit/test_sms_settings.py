"""SMS are off until somebody says all that they need, and a mistake is told at the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.config import Settings, SmsMode
from assistant.domain.errors import UnsafeConfiguration

ACCOUNT = {
    "sms": "twilio",
    "twilio_account_sid": f"AC{'a' * 32}",
    "twilio_auth_token": "t" * 32,
    "twilio_number": "+33639980000",
}
PRODUCTION = {
    "environment": "production",
    "secret_keys": "k" * 40,
    "hash_key": "h" * 40,
    "rasa_token": "r",
    "publisher": "p",
    "contact": "c",
    "hosting": "h",
    "public_url": "https://example.org",
}


def settings(folder: Path, **given: object) -> Settings:
    values: dict[str, Any] = {"data_dir": folder, **given}
    return Settings.model_validate(values)


def test_they_are_off_by_default(tmp_path: Path) -> None:
    assert settings(tmp_path).sms is SmsMode.OFF


@pytest.mark.parametrize("name", ["twilio_account_sid", "twilio_auth_token", "twilio_number"])
@pytest.mark.parametrize("where", [{}, PRODUCTION])
def test_an_account_is_whole(tmp_path: Path, name: str, where: dict[str, str]) -> None:
    with pytest.raises(UnsafeConfiguration, match=f"PASAPAS_{name.upper()}"):
        settings(tmp_path, **{**where, **ACCOUNT, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("twilio_account_sid", "AC123"),
        ("twilio_account_sid", f"SK{'a' * 32}"),
        ("twilio_number", "0612345678"),
        ("twilio_number", "+33 6 39 98 00 00"),
        ("twilio_number", "PASAPASPASAPAS"),
        ("twilio_number", "Pas à Pas"),
        ("twilio_number", " "),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(UnsafeConfiguration, match=name.upper()):
        settings(tmp_path, **{**ACCOUNT, name: value})


@pytest.mark.parametrize(
    ("number", "is_one_way"),
    [("+33639980000", False), ("38600", False), ("PAS A PAS", True), ("PasAPas1", True)],
)
def test_a_name_cannot_be_answered(tmp_path: Path, number: str, *, is_one_way: bool) -> None:
    account = settings(tmp_path, **{**ACCOUNT, "twilio_number": number}).sms_account
    assert account.sender == number
    assert account.is_one_way is is_one_way


def test_production_has_twilio_and_no_telephone(tmp_path: Path) -> None:
    assert settings(tmp_path, **PRODUCTION, **ACCOUNT).sms_account.api == ""
    with pytest.raises(UnsafeConfiguration, match="development"):
        settings(tmp_path, **PRODUCTION, sms="phone")
    with pytest.raises(UnsafeConfiguration, match="TWILIO_API"):
        settings(tmp_path, **PRODUCTION, **ACCOUNT, twilio_api="http://127.0.0.1:1")


def test_the_telephone_on_the_desk_needs_no_account(tmp_path: Path) -> None:
    account = settings(tmp_path, sms="phone", port=8123).sms_account
    assert account.api == "http://127.0.0.1:8123/dev/twilio"
    assert len(account.auth_token) == 64
    assert not account.is_one_way


def test_the_token_is_never_shown(tmp_path: Path) -> None:
    given = settings(tmp_path, **ACCOUNT)
    assert "t" * 32 not in repr(given)
    assert "t" * 32 not in repr(given.sms_account)
