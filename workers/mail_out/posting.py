"""From a claimed row to its fate: written, handed over, and what the relay said told apart."""

from __future__ import annotations

from core.desk import Desk
from core.outbox.views import Parcel
from core.store.files import FileStore
from workers.actors.sending import Fate, Post, Result
from workers.mail_out.compose import compose
from workers.mail_out.post import NotYet, write
from workers.mail_out.relay import PermanentFailure, Relay, TemporaryFailure, UnknownOutcome
from workers.mail_out.signing import Sign


def poster(desk: Desk, files: FileStore, relay: Relay, sign: Sign | None = None) -> Post:
    """Make what writes a row's letter, signs it where there is a key, and hands it to the relay."""

    def post(parcel: Parcel) -> Result:
        try:
            letter, envelope_from = write(desk, files, parcel)
            raw = compose(letter)
            if sign is not None:
                raw = sign(raw, letter.from_address.rpartition("@")[2])
        except NotYet:
            return Result(Fate.NOT_SENT, "a file is still on its way from Telegram")
        except (LookupError, ValueError) as error:
            return Result(Fate.HOPELESS, f"{type(error).__name__}: {error}")
        try:
            answer = relay.send(envelope_from, parcel.address, raw)
        except TemporaryFailure as error:
            return Result(Fate.NOT_SENT, str(error), fault=error.fault)
        except UnknownOutcome as error:
            return Result(Fate.UNKNOWN, str(error), letter.message_id)
        except PermanentFailure as error:
            return Result(Fate.REFUSED if error.of_recipient else Fate.HOPELESS, str(error))
        return Result(Fate.SENT, message_id=letter.message_id, answer=answer)

    return post
