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

# Read in pieces: a pack is checked without holding a large paper in memory.
PIECE = 1 << 20


def verify(file) -> list[dict]:
    """What does not match, as [{path, fault}]; an empty list when all is as it was.

    :param file: a binary file object with the ZIP
    """
    try:
        with zipfile.ZipFile(file) as pack:
            return list(_faults(pack))
    except zipfile.BadZipFile as error:
        return [{"path": "", "fault": f"this is no readable ZIP: {error}"}]


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
        yield {"path": MANIFEST, "fault": f"there is no manifest of the format {FORMAT}"}
        return
    names = pack.namelist()
    listed = {one["path"]: one for one in manifest["files"]}
    for path in sorted({name for name in names if names.count(name) > 1}):
        yield {"path": path, "fault": "it is in the pack twice"}
    for path in sorted(set(names) - set(listed) - {MANIFEST}):
        yield {"path": path, "fault": "the manifest does not list it"}
    whole = set()
    for path, one in sorted(listed.items()):
        fault = _file_fault(pack, path, one) if path in names else "it is missing"
        if fault:
            yield {"path": path, "fault": fault}
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
        return f"it cannot be read: {error}"
    if digest.hexdigest() != listed["sha256"]:
        return f"its content was changed: {digest.hexdigest()} instead of {listed['sha256']}"
    if size != listed["size"]:
        return f"it has {size} bytes instead of {listed['size']}"
    received = listed["origin"].get("received_sha256")
    if received and received != listed["sha256"]:
        return f"it is not the file that was received: that had {received}"
    return ""


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
                yield {"path": where, "fault": f"audit entry {found[0]}: {found[1]}"}
            elif heads.get(hold["id"]) != hold["audit_head"]:
                yield {"path": where, "fault": "the manifest names another head of its audit"}
    for hold in sorted(set(heads) - seen):
        yield {"path": MANIFEST, "fault": f"the audit of hold {hold} is not in the pack"}
    if head_of(heads.items()) != manifest["audit"]["head"]:
        yield {"path": MANIFEST, "fault": "the head over all audits does not match them"}


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
