"""Steps: each has a name, a limit in seconds and an outcome; a failed one does not hide the next."""

import contextlib
import signal
import sys
import time
import traceback


class Failed(Exception):
    """What was claimed is not so."""


class Steps:
    """All steps of a run, and the report at its end."""

    def __init__(self):
        self.outcomes = []

    @contextlib.contextmanager
    def step(self, name, limit, needed=False):
        """Runs the block as one step; with `needed`, its failure ends the part that it belongs to."""
        print(f"== {name}", flush=True)
        start = time.monotonic()

        def late(*_):
            raise Failed(f"not done within {limit} s")

        signal.signal(signal.SIGALRM, late)
        signal.alarm(limit)
        problem = None
        try:
            yield
        except Failed as error:
            problem = str(error)
        except Exception:  # A crash of the suite is a failure of its step.
            problem = traceback.format_exc()
        finally:
            signal.alarm(0)
        seconds = time.monotonic() - start
        self.outcomes.append((name, problem, seconds))
        if problem is not None:
            print(f"   {problem}", flush=True)
        print(f"== {name}: {'FAILED' if problem is not None else 'ok'}, {seconds:.1f} s", flush=True)
        if problem is not None and needed:
            raise Failed(f"{name}: what follows needs it")

    def report(self):
        """Prints the table and gives the exit code."""
        failed = [name for name, problem, _ in self.outcomes if problem is not None]
        print()
        for name, problem, seconds in self.outcomes:
            print(f"{'FAILED' if problem is not None else 'ok':7}{seconds:8.1f} s  {name}")
        print(f"{len(self.outcomes)} steps, {len(failed)} failed", flush=True)
        sys.stdout.flush()
        return 1 if failed or not self.outcomes else 0


def claim(condition, message):
    """Fails the step unless the condition holds."""
    if not condition:
        raise Failed(message)
