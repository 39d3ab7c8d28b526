"""Runs in `odoo shell`: the tests of one of Odoo's modules, in a registry that is loaded whole.

`SETTINGS` stands before it: {"tags": Odoo's --test-tags, "module", "mode"}; with the addons
`with_milepost.py` stands before it, too, and says what the mode means. Each test that ended is a line
`TEST` and, as JSON, its mode, name, outcome, seconds, what it said, and what it saw of the addons.
"""

import json
import logging
import time

import odoo
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tests.loader import make_suite
from odoo.tests.result import OdooTestResult


class Recorder(OdooTestResult):
    """Says of each test how it ended."""

    def __init__(self, mode, look):
        super().__init__()
        self.mode, self.look, self.started, self.told = mode, look, None, {}
        self.klass, self.prepared = None, {}

    def startTest(self, test):
        super().startTest(test)
        seen = self.look()
        if self.klass is not type(test):
            # What a class did before its first test counts for all of them.
            self.klass, self.prepared = type(test), seen
        self.started, self.told = time.monotonic(), {"outcome": "passed"}

    def stopTest(self, test):
        super().stopTest(test)
        self._tell(name_of(test), seconds=round(time.monotonic() - self.started, 2))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)

    def logError(self, flavour, test, error):
        super().logError(flavour, test, error)
        self._note(test, "failed", self._exc_info_to_string(error, test))

    def _note(self, test, outcome, text):
        while getattr(test, "test_case", None):  # a subtest
            test = test.test_case
        self.told = {"outcome": outcome, "text": text.strip()[-1500:]}
        if not hasattr(test, "_testMethodName"):
            # Before or after all tests of a class: what it names ends in the class in brackets.
            self.prepared = {}
            self._tell(f"{test.id().partition('(')[2].rstrip(')')}.{test.id().partition(' ')[0]}")

    def _tell(self, name, **more):
        seen = {what: now or self.prepared.get(what) for what, now in self.look().items()}
        told = {"mode": self.mode, "test": short(name), **self.told, **more, **seen}
        print("\nTEST " + json.dumps(told), flush=True)


def name_of(test):
    return f"{type(test).__module__}.{type(test).__qualname__}.{test._testMethodName}"


def short(name):
    """`module.file.Class.method`."""
    return name.removeprefix("odoo.addons.").replace(".tests.", ".", 1)


def run(registry, position, module, result):
    """As `odoo.tests.shell` does it: those of at_install find a registry that is not ready."""
    registry.loaded = registry.ready = position == "post_install"
    try:
        odoo.modules.module.current_test = True
        make_suite([module], position)(result)
    finally:
        odoo.modules.module.current_test = False
        registry.loaded = registry.ready = True


def main():
    settings = SETTINGS  # noqa: F821 -- stands before it
    logging.getLogger().setLevel(logging.ERROR)
    # What Odoo warns of is told at INFO by tests themselves.
    odoo.tools.config["test_tags"], odoo.tools.config["test_enable"] = settings["tags"], True
    if not server.server.httpd:
        server.server.http_spawn()
    registry = Registry(env.cr.dbname)  # noqa: F821 -- the shell gives it
    enter, look = globals().get("enter", lambda _registry, _mode: None), globals().get("look", dict)
    enter(registry, settings["mode"])
    result = Recorder(settings["mode"], look)
    with Registry._lock:
        run(registry, "at_install", settings["module"], result)
    run(registry, "post_install", settings["module"], result)


main()
