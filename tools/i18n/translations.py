"""Runs in `odoo shell`: what there is to translate in each addon, and the translations brought up to it.

`REQUEST`, set before this text, names the addons and holds the text of their `.po` files. Each file
that follows is printed as one line, `FILE <path> <base64>`.
"""

import base64
import io

import polib
from odoo import release
from odoo.tools.translate import trans_export

HEADER = """Translation of {product}.
This file contains the translation of the following modules:
\t* {addon}
"""
# Odoo's own head without its dates, which change with each export and say nothing.
METADATA = {
    "Project-Id-Version": f"{release.description} {release.version}",
    "Report-Msgid-Bugs-To": "",
    "Last-Translator": "",
    "Language-Team": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "",
    "Plural-Forms": "",
}


def template(addon):
    """The texts of an addon, its web client's included, as a `.pot` without dates.

    The head is set here: of an addon without a text of its own Odoo exports nothing, no head either.
    """
    buffer = io.BytesIO()
    trans_export(False, [addon], buffer, "po", env)  # noqa: F821 -- the shell's
    catalog = polib.pofile(buffer.getvalue().decode(), wrapwidth=0)
    catalog.header = HEADER.format(product=release.description, addon=addon)
    catalog.metadata = dict(METADATA)
    return catalog


def translation(texts, catalog, language):
    """A language's catalog with the texts of the template: new ones empty, gone ones gone."""
    translated = polib.pofile(texts, wrapwidth=0) if texts else polib.POFile(wrapwidth=0)
    known = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in translated if not entry.obsolete}
    merged = polib.POFile(wrapwidth=0)
    merged.metadata = {**catalog.metadata, "Language": language}
    merged.header = catalog.header
    for entry in catalog:
        merged.append(
            polib.POEntry(
                msgctxt=entry.msgctxt,
                msgid=entry.msgid,
                msgstr=known.get((entry.msgctxt, entry.msgid), ""),
                comment=entry.comment,
                tcomment=entry.tcomment,
                occurrences=entry.occurrences,
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )
        )
    return merged


def put(path, catalog):
    print("FILE", path, base64.b64encode(str(catalog).encode()).decode())


for addon, files in REQUEST.items():  # noqa: F821 -- set before this text
    texts = template(addon)
    put(f"{addon}/i18n/{addon}.pot", texts)
    for code, content in files.items():
        put(f"{addon}/i18n/{code}.po", translation(content, texts, code))
