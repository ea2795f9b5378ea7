"""What the service asks of the database: only whether it answers, and how many credentials there are."""

import psycopg

TIMEOUT_SECONDS = 2


def count_credentials(url: str) -> int | None:
    """The number of credentials, or nothing before the first migration; raises when the database is away."""
    options = f"-c statement_timeout={TIMEOUT_SECONDS * 1000}"
    with psycopg.connect(url, connect_timeout=TIMEOUT_SECONDS, options=options) as connection:
        known = connection.execute("SELECT to_regclass('public.micro_credentials')").fetchone()
        if known is None or known[0] is None:
            return None
        row = connection.execute("SELECT count(*) FROM micro_credentials").fetchone()
        return row[0] if row else None
