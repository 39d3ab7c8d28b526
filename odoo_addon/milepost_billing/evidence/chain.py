"""The hash chain of a hold's audit: every entry carries the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping


def _lt(text):
    """Mark a text for translation; who shows it translates it."""
    return text


ENTRY_MISSING = _lt("an entry is missing")
ENTRY_CHANGED = _lt("the entry was changed")
END_MISSING = _lt("the end is missing")

#: What an entry's hash is taken over, in this order.
HASHED = ("previous", "hold_id", "number", "event", "user_id", "at", "data")


def entry_hash(entry: Mapping) -> str:
    """SHA-256 over an entry and its predecessor's hash; `at` is text, UTC, to the second."""
    parts = [entry[name] for name in HASHED]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def fault_of(entries: Iterable[Mapping], head: str) -> tuple[int, str] | None:
    """(number of the entry, what is wrong with it) of the first fault, None when the chain holds.

    :param entries: with the names of HASHED and `hash`, in the order of their numbers
    :param head: the hash that the hold itself carries
    """
    previous, number = "", 0
    for entry in entries:
        number += 1
        if entry["number"] != number or (entry["previous"] or "") != previous:
            return number, ENTRY_MISSING
        if entry_hash(entry) != entry["hash"]:
            return number, ENTRY_CHANGED
        previous = entry["hash"]
    return None if (head or "") == previous else (number + 1, END_MISSING)


def head_of(heads: Iterable[tuple[int, str]]) -> str:
    """One hash over the heads of many chains: (hold id, head), in any order."""
    parts = sorted((number, head or "") for number, head in heads)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
