"""Selections that follow another field: what an addon adds to that one is chosen everywhere."""


def milestone_codes(model):
    """The codes of milepost.milestone, in the user's language."""
    return model.env["milepost.milestone"]._fields["code"]._description_selection(model.env)
