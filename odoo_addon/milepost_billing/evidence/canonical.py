"""One text for one content, and names that every file system takes."""

import json
import re
import unicodedata

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
LONGEST = 120


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: the same content gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def safe_name(text: str) -> str:
    """A name as one part of a path: no separators, no leading dots, not too long; never empty."""
    name = _UNSAFE.sub("-", unicodedata.normalize("NFC", text or "")).strip(" .-")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST and dot and len(ending) < 10:
        return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
    return name[:LONGEST] or "unnamed"
