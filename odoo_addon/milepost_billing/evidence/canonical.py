"""One text for one content, and names that every file system takes."""

import json
import re
import unicodedata

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
LONGEST = 120


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: the same content gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def changed_names(told: bytes, today: bytes) -> list[str]:
    """The names under which two JSON documents differ, with the place where they are lists."""
    return list(_changed(json.loads(told), json.loads(today), ""))


def _changed(told, today, where):
    if isinstance(told, dict) and isinstance(today, dict):
        for name in sorted({*told, *today}):
            yield from _changed(told.get(name), today.get(name), f"{where}.{name}" if where else name)
    elif isinstance(told, list) and isinstance(today, list) and len(told) == len(today):
        for number, (one, other) in enumerate(zip(told, today, strict=True)):
            yield from _changed(one, other, f"{where}[{number}]")
    elif told != today:
        yield where or "all of it"


def safe_name(text: str) -> str:
    """A name as one part of a path: no separators, no leading dots, not too long; never empty."""
    name = _UNSAFE.sub("-", unicodedata.normalize("NFC", text or "")).strip(" .-")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST and dot and len(ending) < 10:
        return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
    return name[:LONGEST] or "unnamed"
