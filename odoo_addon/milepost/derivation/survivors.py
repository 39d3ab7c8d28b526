"""Which facts still count: not withdrawn, and the latest version of their event."""

import re

# A paper that the bridge fetched behind a link is withdrawn with the events of the partner that named it.
FETCHED = re.compile(r"^(.+)\|paper/[0-9a-f]{32}$", re.DOTALL)


def rank(fact):
    """The latest word counts. A history told at one go has one time of telling: then the latest event."""
    return fact.said_at, fact.at, fact.key


def standing(retractions):
    """Return those retractions that are not withdrawn themselves.

    A key is the hash of what a fact says, its target included: no retraction can be about itself.
    """
    if not retractions:
        return retractions
    about = {}
    for one in retractions:
        if one.target_key:
            about.setdefault((one.connection, one.target_key), []).append(one)
    stands = {}
    for one in retractions:
        chain = [one]
        while chain:
            last = chain[-1]
            against = about.get((last.connection, last.key), ()) if last.key else ()
            unknown = [other for other in against if id(other) not in stands]
            if unknown:
                chain.extend(unknown)
            else:
                stands[id(last)] = not any(stands[id(other)] for other in against)
                chain.pop()
    return [one for one in retractions if stands[id(one)]]


def voice(fact):
    """The event of which a fact is a version, as its connection names it; None: it names no event."""
    return (fact.connection, fact.source_event) if fact.source_event else None


def _named_by(fact):
    """The events of its connection with which a fact is withdrawn: its own, and those that it came with."""
    event = fact.source_event
    if not event:
        return ()
    fetched = FETCHED.match(event)
    before = {fetched[1], *fetched[1].split("|")} if fetched else ()
    return {(fact.connection, name) for name in (event, *before)}


def surviving(facts, retractions):
    """Return (facts that count, ids withdrawn, ids outdated by a newer version).

    A connection withdraws and corrects what it told itself: another may tell the same under the same
    key or event, and its word stands.
    """
    retractions = standing(retractions)
    keys = {(r.connection, r.target_key) for r in retractions if r.target_key}
    events = {(r.connection, r.target_event) for r in retractions if r.target_event}
    withdrawn = {f.id for f in facts if (f.connection, f.key) in keys or not events.isdisjoint(_named_by(f))}
    newest = {}
    for fact in facts:
        if fact.source_event and fact.id not in withdrawn:
            known = newest.get(voice(fact))
            if known is None or rank(fact) > rank(known):
                newest[voice(fact)] = fact
    counting, outdated = [], set()
    for fact in facts:
        if fact.id in withdrawn:
            continue
        if fact.source_event and newest[voice(fact)] is not fact:
            outdated.add(fact.id)
        else:
            counting.append(fact)
    return counting, withdrawn, outdated
