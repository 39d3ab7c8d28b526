"""What the partner's codes in a batch mean here, for trying a mapping; nothing of it stays."""

from . import code_maps
from .ingest import Context, checked


def preview_codes(env, connection, batch):
    """Return what `code_maps.preview` says of the facts that keep the contract.

    :param env: superuser environment; the caller was checked
    """
    env.flush_all()
    context = Context(env, connection, batch["messages"])
    return code_maps.preview(context, checked(batch["facts"], context, {}).values())
