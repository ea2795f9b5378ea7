"""Structured log lines: one JSON object a line on the standard output, for the service and for uvicorn."""

import json
import logging
import sys
from datetime import UTC, datetime

LEVEL_NAMES = {"WARNING": "WARN", "CRITICAL": "ERROR"}
FIELDS = ("requestId", "endpoint", "method", "statusCode", "duration", "reason")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": LEVEL_NAMES.get(record.levelname, record.levelname),
            "service": "ai",
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure_log(level: str) -> logging.Logger:
    """Sends everything through one handler; requests are logged by the application, not by uvicorn."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    return logging.getLogger("ai")
