"""Writes a pack: file after file into a ZIP, each hashed on its way, the manifest at the end."""

import hashlib
import zipfile
from dataclasses import dataclass

from .canonical import canonical

MANIFEST = "manifest.json"
#: Raised when the layout changes in a way that a reader must know.
FORMAT = "milepost-evidence/1"
# The ZIP format knows no time before; a real one would make equal packs differ.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Listed:
    """A file as the manifest lists it. `origin` says where it comes from."""

    path: str
    sha256: str
    size: int
    origin: dict

    def as_dict(self) -> dict:
        """For the manifest."""
        return {"path": self.path, "sha256": self.sha256, "size": self.size, "origin": self.origin}


class PackWriter:
    """One pack under way, written to a binary file object; only one of its files is in memory."""

    def __init__(self, file):
        self._zip = zipfile.ZipFile(file, "w")
        self.files: list[Listed] = []
        self._taken = {MANIFEST}

    def add(self, path: str, content: bytes, origin: dict) -> Listed:
        """Add a file; a path that is taken gets a number, so that no file hides another."""
        path = self._free(path)
        self._write(path, content)
        listed = Listed(path, hashlib.sha256(content).hexdigest(), len(content), origin)
        self.files.append(listed)
        return listed

    def close(self, facts: dict) -> bytes:
        """Write the manifest, which lists every other file, and finish the ZIP; returns the manifest.

        :param facts: what the manifest says beside the files
        """
        files = [one.as_dict() for one in sorted(self.files, key=lambda one: one.path)]
        manifest = canonical({**facts, "format": FORMAT, "files": files})
        self._write(MANIFEST, manifest)
        self._zip.close()
        return manifest

    def _write(self, path, content):
        info = zipfile.ZipInfo(path, EPOCH)
        info.external_attr = 0o644 << 16
        info.create_system = 3
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content)

    def _free(self, path):
        stem, dot, ending = path.rpartition(".")
        if not dot or "/" in ending:
            stem, dot, ending = path, "", ""
        candidate, number = path, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{stem}-{number}{dot}{ending}"
        self._taken.add(candidate)
        return candidate
