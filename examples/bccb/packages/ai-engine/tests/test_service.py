"""What callers of the service see."""

import json
import logging

import pytest
from fastapi.testclient import TestClient

from src.log import JsonFormatter
from src.main import create_app
from src.settings import Settings, SettingsError, read_settings
from src.skills import SkillModel, load_model


def client(**changes: str | None) -> TestClient:
    values = {"mode": "test", "log_level": "error", "root_path": "", "database_url": None} | changes
    return TestClient(create_app(Settings(**values), load_model()))


def test_skills_are_found_as_whole_words_most_frequent_first():
    model = SkillModel("t", {"sql": ["sql"], "python": ["python", "pandas"], "go": ["go"]})
    assert model.extract("SQL, Python and pandas; a goal is not Go-less") == ["python", "go", "sql"]
    assert model.extract("postgresql") == []


def test_skills_of_a_text():
    answer = client().post("/skills", json={"text": "Statistics and Python for data analysis."})
    assert answer.status_code == 200
    assert answer.json() == {"skills": ["data analysis", "python", "statistics"], "model": "1"}


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": 1}])
def test_bad_input_is_refused(body: dict[str, object]):
    assert client().post("/skills", json=body).status_code == 422


def test_liveness_and_readiness_without_a_database():
    assert client().get("/health").json()["status"] == "healthy"
    assert client().get("/health/ready").status_code == 200


def test_readiness_fails_when_the_database_is_away_and_liveness_does_not():
    away = client(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    assert away.get("/health/ready").status_code == 503
    assert away.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("root_path", "header", "expected"),
    [
        ("", None, "'/openapi.json'"),
        ("/ai", None, "'/ai/openapi.json'"),
        ("", "/ai", "'/ai/openapi.json'"),
        ("", "//x'", "'/openapi.json'"),
    ],
)
def test_documentation_finds_its_description_behind_a_prefix(root_path: str, header: str | None, expected: str):
    headers = {"x-forwarded-prefix": header} if header else {}
    page = client(root_path=root_path).get("/docs", headers=headers)
    assert f"url: {expected}" in page.text


def test_request_identifiers_are_kept_when_they_are_harmless():
    assert client().get("/health", headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert client().get("/health", headers={"x-request-id": "a b"}).headers["x-request-id"] != "a b"


@pytest.mark.parametrize(
    ("name", "value"), [("LOG_LEVEL", "loud"), ("PYTHON_ENV", "x"), ("DATABASE_URL", "mysql://x"), ("ROOT_PATH", "ai")]
)
def test_settings_that_make_no_sense_are_named(name: str, value: str):
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_log_lines_are_json_with_the_levels_of_the_platform():
    record = logging.LogRecord("ai", logging.WARNING, __file__, 1, "text %s", ("here",), None)
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["service"], line["message"]) == ("WARN", "ai", "text here")
