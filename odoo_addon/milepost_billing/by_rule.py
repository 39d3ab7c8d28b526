"""Who writes: a rule of ours, said in the context by a value that no caller from outside can send."""

from enum import Enum


class Rule(Enum):
    """JSON has no such values: a context that came over RPC is never one of them."""

    #: A decision is written: what it fills in is nobody's edit and asks for no other decision.
    VALIDATING = 1
    #: An editor is noted.
    TOUCHING = 2
    #: A rate writes its brackets one by one and checks them together.
    BRACKETS = 3


def writing(records, rule):
    """The records, written by a rule."""
    return records.with_context(**{_key(rule): rule})


def is_writing(env, *rules):
    """Whether one of the rules writes."""
    return any(env.context.get(_key(rule)) is rule for rule in rules)


def _key(rule):
    """Each has its own: one rule may write within another."""
    return f"milepost_{rule.name.lower()}"
