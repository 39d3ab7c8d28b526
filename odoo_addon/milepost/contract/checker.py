"""The contract with the bridge: facts checked against the committed JSON Schema.

exchange.schema.json is generated from the bridge's types. Each schema is compiled once into
closures, because a check runs for every fact of a batch of 500; only the keywords that the
generator emits are known, and an unknown one fails at import instead of passing everything.
"""

import json
import re
from pathlib import Path

ANNOTATIONS = {"$schema", "format", "contentEncoding", "description", "title"}
SCHEMAS = json.loads((Path(__file__).parent / "exchange.schema.json").read_text("utf-8"))
CONTRACT = SCHEMAS["contract"]
# A pattern is not tried on a longer text: the file of a POD is checked by decoding it.
LONGEST_PATTERN_TEXT = 4096


class Fault(Exception):
    """What is wrong, and the JSON pointer to it.

    The pointer grows on the way out of the checks: what is right, which is nearly everything,
    costs no text.
    """

    def __init__(self, path, reason):
        super().__init__(reason)
        self._path = path
        self.reason = reason

    @property
    def path(self):
        return self._path or "/"

    def inside(self, key):
        """Return the fault as seen from the value that holds the faulty one under `key`."""
        self._path = f"{_pointer(key)}{self._path}"
        return self


def _pointer(key):
    return f"/{str(key).replace('~', '~0').replace('/', '~1')}"


def _compile(schema):
    """Return check(value), which raises Fault."""
    known = ANNOTATIONS | {
        "type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
        "minLength", "maxLength", "pattern", "enum", "const", "oneOf", "anyOf", "minimum", "maximum",
    }  # fmt: skip
    if unknown := set(schema) - known:
        raise ValueError(f"The contract uses JSON Schema keywords that are not checked: {unknown}")
    if "oneOf" in schema:
        return _compile_by_kind(schema["oneOf"])
    if "anyOf" in schema:
        return _compile_any(schema["anyOf"])
    if "const" in schema:
        return _compile_enum([schema["const"]])
    if "enum" in schema:
        return _compile_enum(schema["enum"])
    makers = {
        "object": _compile_object,
        "array": _compile_array,
        "string": _compile_string,
        "number": _compile_number,
        "integer": _compile_number,
        "boolean": _compile_boolean,
    }
    return makers[schema["type"]](schema) if "type" in schema else lambda value: None


def _compile_by_kind(options):
    """A union told apart by `kind`, so that the fault named is that of the meant kind."""
    checks = {o["properties"]["kind"]["const"]: _compile(o) for o in options}
    kinds = ", ".join(checks)

    def check(value):
        kind = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in checks:
            raise Fault("/kind", f"must be one of {kinds}")
        checks[kind](value)

    return check


def _compile_any(options):
    checks = [_compile(option) for option in options]

    def check(value):
        fault = None
        for attempt in checks:
            try:
                return attempt(value)
            except Fault as error:
                fault = error
        raise fault

    return check


def _compile_enum(values):
    allowed = frozenset(values)
    reason = f"must be one of {', '.join(map(str, values))}"

    def check(value):
        if not isinstance(value, str) or value not in allowed:
            raise Fault("", reason)

    return check


def _compile_object(schema):
    properties = {name: _compile(sub) for name, sub in schema.get("properties", {}).items()}
    required = frozenset(schema.get("required", ()))
    closed = schema.get("additionalProperties") is False

    def check(value):
        if not isinstance(value, dict):
            raise Fault("", "must be an object")
        for name in required:
            if name not in value:
                raise Fault(_pointer(name), "is missing")
        for name, item in value.items():
            inner = properties.get(name)
            if inner:
                try:
                    inner(item)
                except Fault as fault:
                    raise fault.inside(name)  # noqa: B904 -- the same fault, with a longer pointer
            elif closed:
                raise Fault(_pointer(name), "is not known to this contract")

    return check


def _compile_array(schema):
    item = _compile(schema.get("items", {}))
    least, most = schema.get("minItems", 0), schema.get("maxItems")

    def check(value):
        if not isinstance(value, list):
            raise Fault("", "must be a list")
        if len(value) < least or (most is not None and len(value) > most):
            raise Fault("", f"must hold {least} to {most} items")
        for index, entry in enumerate(value):
            try:
                item(entry)
            except Fault as fault:
                raise fault.inside(index)  # noqa: B904 -- the same fault, with a longer pointer

    return check


def _compile_string(schema):
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    # JavaScript's $ means the very end; Python's would let a final line break through.
    pattern = re.compile(re.sub(r"\$$", r"\\Z", schema["pattern"])) if "pattern" in schema else None

    def check(value):
        if not isinstance(value, str):
            raise Fault("", "must be a text")
        if len(value) < least or (most is not None and len(value) > most):
            raise Fault("", f"must be {least} to {most} characters long")
        if pattern and len(value) <= LONGEST_PATTERN_TEXT and not pattern.search(value):
            raise Fault("", "has not the form that the contract asks for")

    return check


def _compile_number(schema):
    whole = schema["type"] == "integer"
    least, most = schema.get("minimum"), schema.get("maximum")

    def check(value):
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise Fault("", "must be a whole number" if whole else "must be a number")
        if (least is not None and value < least) or (most is not None and value > most):
            raise Fault("", f"must lie between {least} and {most}")

    return check


def _compile_boolean(_schema):
    def check(value):
        if not isinstance(value, bool):
            raise Fault("", "must be true or false")

    return check


_batch = _compile(SCHEMAS["batch"])
_fact = _compile(SCHEMAS["fact"])
_acknowledgement = _compile(SCHEMAS["outbox_acknowledgement"])


def check_batch(batch):
    """Check everything of a batch but its facts. Raises Fault."""
    _batch(batch)


def check_fact(fact):
    """Check one fact. Raises Fault with the JSON pointer inside the fact."""
    _fact(fact)


def check_acknowledgement(acknowledgement):
    """Check one acknowledgement of an outbox item. Raises Fault."""
    _acknowledgement(acknowledgement)
