"""Puts everything that is sealed under the first key of the ring, so that older keys can go."""

from __future__ import annotations

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import InstrumentedAttribute

from assistant.adapters.crypto import KeyRing
from assistant.adapters.tables import AddressRow, CarrierCopyRow

# Small enough that nobody waits for the key rotation, large enough that it ends.
RESEALED_AT_ONCE = 200

_SEALED = (
    (AddressRow.id, AddressRow.sealed_value),
    (CarrierCopyRow.id, CarrierCopyRow.sealed_external_id),
)


def reseal(engine: Engine, sealing: KeyRing) -> int:
    """Put every sealed value under the first key and return how many there are.

    The older keys may be thrown away once it has returned, if no process seals under them any
    more. Interrupted, it can be started again. Raises UnreadableSeal.
    """
    return sum(_reseal(engine, sealing, identity, sealed) for identity, sealed in _SEALED)


def _reseal(
    engine: Engine,
    sealing: KeyRing,
    identity: InstrumentedAttribute[str],
    sealed: InstrumentedAttribute[bytes],
) -> int:
    resealed, last = 0, ""
    while True:
        with engine.begin() as connection:
            rows = connection.execute(
                select(identity, sealed)
                .where(identity > last)
                .order_by(identity)
                .limit(RESEALED_AT_ONCE)
                .with_for_update()
            ).all()
            for row_id, value in rows:
                connection.execute(
                    update(identity.class_)
                    .where(identity == row_id)
                    .values({sealed: sealing.reseal(value)})
                )
        if not rows:
            return resealed
        resealed += len(rows)
        last = rows[-1][0]
