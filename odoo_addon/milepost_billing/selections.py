"""Selections that follow another field: what an addon adds to that one is chosen everywhere."""


def charge_types(model):
    """The types of milepost.charge, in the user's language."""
    return _of(model, "milepost.charge", "charge_type")


def hold_reasons(model):
    """The reasons of milepost.hold, in the user's language."""
    return _of(model, "milepost.hold", "reason")


def _of(model, name, field):
    return model.env[name]._fields[field]._description_selection(model.env)
