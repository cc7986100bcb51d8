"""What letters are read with besides: name servers that know their senders, and keys that open them."""

from __future__ import annotations

from core.errors import Misconfigured
from core.settings import Settings
from workers.actors.understanding import Check
from workers.sealed.folder import KeyFault, Keys, read_keys

#: Where the libraries that open letters come from.
_SEALED_EXTRA = "pip install --require-hashes -r requirements/sealed.txt does it"


def sender_check(settings: Settings) -> Check | None:
    """Make what checks who letters are from; None where a mail server of ours does.

    Raises:
        Misconfigured: this machine has no name server to ask.
    """
    if not settings.check_senders:
        return None
    from workers.reading.names import Names, NoNameServer
    from workers.reading.senders import checker

    try:
        return checker(Names(), settings.authserv_id)
    except NoNameServer:
        told = "this machine is told of no name server; name one in /etc/resolv.conf, or set it to false."
        raise Misconfigured([f"CHERHA_CHECK_SENDERS: {told}"]) from None


def key_folders(settings: Settings) -> tuple[str, ...]:
    """Name the folders of keys that open sealed letters, once it is sure that they can be used; none where none is set.

    Raises:
        Misconfigured: one has no key that can be used, or what opens letters is not installed.
    """
    smime, pgp = settings.smime_keys, settings.pgp_keys
    if smime is None and pgp is None:
        return ()
    sealed_keys(settings)
    return tuple(str(folder.resolve()) if folder else "" for folder in (smime, pgp))


def sealed_keys(settings: Settings) -> Keys:
    """Read the keys that open sealed letters.

    Raises:
        Misconfigured: as `key_folders`, with the faults of both folders.
    """
    keys, faults = Keys(), []
    for name, folders in (("SMIME", (settings.smime_keys, None)), ("PGP", (None, settings.pgp_keys))):
        try:
            read = read_keys(*folders)
        except KeyFault as error:
            faults.append(f"CHERHA_{name}_KEYS: {error}.")
        except ImportError:
            faults.append(f"CHERHA_{name}_KEYS: what opens letters is not installed; {_SEALED_EXTRA}.")
        else:
            keys = Keys(read.smime or keys.smime, read.pgp or keys.pgp)
    if faults:
        raise Misconfigured(faults)
    return keys
