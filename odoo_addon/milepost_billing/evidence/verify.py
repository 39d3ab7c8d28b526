"""Reads a pack back and says what does not match its manifest. Needs nothing but the pack.

    python -m evidence.verify PACK.zip …       in the folder of this addon

prints what does not match, a line each, and ends with 1; with 2 when a file cannot be read.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

if not __package__:
    # Called as a file: then Python does not know the package that it is in.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    __package__ = "evidence"

from .chain import fault_of, head_of
from .pack import FORMAT, MANIFEST


def _lt(text):
    """Mark a text for translation; Odoo says it in the reader's language, this program in English."""
    return text


FAULTS = {
    "unreadable_zip": _lt("this is no readable ZIP: %(error)s"),
    "no_manifest": _lt("there is no manifest of the format %(format)s"),
    "twice": _lt("it is in the pack twice"),
    "not_listed": _lt("the manifest does not list it"),
    "missing": _lt("it is missing"),
    "unreadable": _lt("it cannot be read: %(error)s"),
    "changed": _lt("its content was changed: %(found)s instead of %(listed)s"),
    "other_size": _lt("it has %(found)s bytes instead of %(listed)s"),
    "not_received": _lt("it is not the file that was received: that had %(received)s"),
    "audit": _lt("audit entry %(number)s: %(what)s"),
    "other_head": _lt("the manifest names another head of its audit"),
    "audit_missing": _lt("the audit of hold %(hold)s is not in the pack"),
    "heads": _lt("the head over all audits does not match them"),
}

# Read in pieces: a pack is checked without holding a large paper in memory.
PIECE = 1 << 20


def verify(file) -> list[dict]:
    """What does not match, as [{path, fault, code, values}]; an empty list when all is as it was.

    :param file: a binary file object with the ZIP
    """
    try:
        with zipfile.ZipFile(file) as pack:
            return list(_faults(pack))
    except zipfile.BadZipFile as error:
        return [_fault("", "unreadable_zip", error=str(error))]


def _fault(path, code, **values):
    return {"path": path, "code": code, "values": values, "fault": FAULTS[code] % values}


def manifest_of(pack: zipfile.ZipFile) -> dict | None:
    """The manifest of an open pack, None when there is none that can be read."""
    try:
        manifest = json.loads(pack.read(MANIFEST))
    except (KeyError, ValueError, zipfile.BadZipFile):
        return None
    return manifest if _well_formed(manifest) else None


def _well_formed(manifest):
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return False
    try:
        files = [
            (one["path"], one["sha256"], one["size"], one["origin"].get("kind")) for one in manifest["files"]
        ]
        heads = [(one["hold"], one["head"]) for one in manifest["audit"]["holds"]]
    except (KeyError, TypeError, AttributeError):
        return False
    return (
        "head" in manifest["audit"]
        and len(files) == len(dict.fromkeys(path for path, *_rest in files))
        and (len(heads) == len(dict(heads)))
    )


def _faults(pack) -> Iterator[dict]:
    manifest = manifest_of(pack)
    if manifest is None:
        yield _fault(MANIFEST, "no_manifest", format=FORMAT)
        return
    names = pack.namelist()
    listed = {one["path"]: one for one in manifest["files"]}
    for path in sorted({name for name in names if names.count(name) > 1}):
        yield _fault(path, "twice")
    for path in sorted(set(names) - set(listed) - {MANIFEST}):
        yield _fault(path, "not_listed")
    whole = set()
    for path, one in sorted(listed.items()):
        fault = _file_fault(pack, path, one) if path in names else _fault(path, "missing")
        if fault:
            yield fault
        else:
            whole.add(path)
    yield from _audit_faults(pack, manifest, whole)


def _file_fault(pack, path, listed):
    digest, size = hashlib.sha256(), 0
    try:
        with pack.open(path) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except zipfile.BadZipFile as error:
        return _fault(path, "unreadable", error=str(error))
    if digest.hexdigest() != listed["sha256"]:
        return _fault(path, "changed", found=digest.hexdigest(), listed=listed["sha256"])
    if size != listed["size"]:
        return _fault(path, "other_size", found=size, listed=listed["size"])
    received = listed["origin"].get("received_sha256")
    if received and received != listed["sha256"]:
        return _fault(path, "not_received", received=received)
    return None


def _audit_faults(pack, manifest, whole):
    """The chains themselves: who changed a file of holds and the manifest with it is found here."""
    heads = {one["hold"]: one["head"] for one in manifest["audit"]["holds"]}
    seen = set()
    for one in manifest["files"]:
        if one["origin"].get("kind") != "holds" or one["path"] not in whole:
            continue
        for hold in json.loads(pack.read(one["path"])):
            seen.add(hold["id"])
            where = f"{one['path']}#{hold['id']}"
            found = fault_of(hold["audit"], hold["audit_head"])
            if found:
                yield _fault(where, "audit", number=found[0], what=found[1])
            elif heads.get(hold["id"]) != hold["audit_head"]:
                yield _fault(where, "other_head")
    for hold in sorted(set(heads) - seen):
        yield _fault(MANIFEST, "audit_missing", hold=hold)
    if head_of(heads.items()) != manifest["audit"]["head"]:
        yield _fault(MANIFEST, "heads")


def main(paths: list[str]) -> int:
    """Verify the packs at some paths and print what is found; the exit code."""
    if not paths:
        print(__doc__.split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    code = 0
    for path in paths:
        try:
            with Path(path).open("rb") as file:
                found = verify(file)
        except OSError as error:
            print(f"{path}: {error.strerror or error}", file=sys.stderr)
            return 2
        for one in found:
            where = f": {one['path']}" if one["path"] else ""
            print(f"{path}{where}: {one['fault']}")
        if not found:
            print(f"{path}: all is as it was")
        code = code or int(bool(found))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
