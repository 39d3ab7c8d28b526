"""Trying what is not to stay."""

from contextlib import contextmanager


@contextmanager
def undone(env):
    """Nothing of what is done within it stays, nor what it asked for after the commit: messages, mails."""
    savepoint = env.cr.savepoint()
    try:
        yield
    finally:
        savepoint.close(rollback=True)
        env.cr.postcommit.clear()
        env.invalidate_all(flush=False)
