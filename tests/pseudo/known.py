"""Runs in `odoo shell`: people read the pseudo language, and what may stand there in other letters.

`LANGUAGE`, set before this text. Prints `KNOWN <json>` with `odoo`, the terms that Odoo's own catalogs
leave untranslated, and `data`, the values of records.
"""

import json
import re

import polib
from odoo.tools.translate import get_po_paths

LATIN = re.compile(r"[A-Za-z]{2}")
# Whose values are words of programs, or of what is translated.
PROGRAMS = re.compile(
    r"^(ir\.(?!attachment|sequence|mail_server)|base\.|bus\.|mail\.(message|mail|tracking))"
)


def untranslated():
    """Terms of Odoo that stay as they are, and translations in Latin letters."""
    modules = env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")  # noqa: F821
    found = set()
    for module in modules:
        if "milepost" in module:
            continue
        for path in get_po_paths(module, LANGUAGE):  # noqa: F821
            for entry in polib.pofile(path):
                if not entry.msgstr or LATIN.search(entry.msgstr):
                    found.add(entry.msgstr or entry.msgid)
    return found


def values():
    """What records say: of texts that are translated, only what is not from our own files."""
    found = set()
    fields = env["ir.model.fields"].search([  # noqa: F821
        ("store", "=", True), ("ttype", "in", ("char", "text")),
    ])  # fmt: skip
    for field in fields:
        model = env.get(field.model)  # noqa: F821
        if model is None or not model._auto or model._abstract or PROGRAMS.match(field.model):
            continue
        if field.name not in model._fields or not model._fields[field.name].column_type:
            continue
        if not model._fields[field.name].store or model._fields[field.name].company_dependent:
            continue
        found |= column(model, field.name)
    return found


def column(model, name):
    translated = model._fields[name].translate
    shown = [f'"{name}"->>%(source)s', f'"{name}"->>%(language)s'] if translated else [f'"{name}"']
    ours = """AND id NOT IN (SELECT res_id FROM ir_model_data WHERE model = %(model)s AND module LIKE 'milepost%%')"""
    found = set()
    for one in shown:
        env.cr.execute(  # noqa: F821
            f'SELECT DISTINCT left({one}, 300) FROM "{model._table}" WHERE {one} ~ %(latin)s '  # noqa: S608
            + (ours if translated else ""),
            {"source": "en_US", "language": LANGUAGE, "model": model._name, "latin": "[A-Za-z]"},  # noqa: F821
        )
        found |= {value for [value] in env.cr.fetchall()}  # noqa: F821
    return found


def words_of_tests():
    """What addons that only tests install add to our screens; they have no translations."""
    found = set()
    for model, field in (("ir.model.fields", "field_description"), ("ir.model.fields.selection", "name")):
        data = env["ir.model.data"].search([("module", "=like", "test_milepost%"), ("model", "=", model)])  # noqa: F821
        found |= set(env[model].with_context(lang="en_US").browse(data.mapped("res_id")).mapped(field))  # noqa: F821
    return found


print("KNOWN " + json.dumps({"odoo": sorted(untranslated() | words_of_tests()), "data": sorted(values())}))
