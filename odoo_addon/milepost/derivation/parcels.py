"""A shipment of several parcels: it has arrived when all of them have."""

from dataclasses import replace

#: What ends the journey of a parcel.
ENDS = ("delivered", "partially_delivered", "refused", "returned")


def joined(winners, parcels):
    """Return the milestones that are told of the whole shipment.

    What ended for one parcel says nothing of the others. Once each has ended the last of them says of
    the whole what became of it: the same where all ended alike, else that it arrived in part.

    :param winners: milestones that count, by time
    :param parcels: tracking numbers of the shipment's parcels
    """
    voided = {number for m in winners if m.code == "cancelled" for number in m.parcels}
    left = set(parcels) - voided
    if not left:
        return winners
    # A label that is voided beside others is not the transport.
    winners = [m for m in winners if not (m.code == "cancelled" and m.parcels)]
    if len(left) < 2:  # noqa: PLR2004
        return winners
    single = [m for m in winners if m.parcels and m.classifier == "actual" and m.code in ENDS]
    ends = {number: m for m in single for number in m.parcels}
    ended = {m.id for m in single}
    whole = [m for m in winners if m.id not in ended]
    if single and set(ends) >= left:
        said = {m.code for m in ends.values()}
        last = max(ends.values(), key=lambda m: (m.at, m.key))
        code = said.pop() if len(said) == 1 else "partially_delivered"
        # Told of all of them: of the whole, as late as the last word and as weighty as the least.
        said_at = max(m.said_at for m in ends.values())
        precedence = max(m.precedence for m in ends.values())
        whole.append(replace(last, code=code, parcels=(), said_at=said_at, precedence=precedence))
    return sorted(whole, key=lambda m: (m.at, m.key))
