"""Skills from a text: a small model of key words, always with the same answer for the same text."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

MODEL = Path(__file__).parent.parent / "models" / "skills.json"


class SkillModel:
    """Key words of each skill, matched as whole words and without regard to case."""

    def __init__(self, version: str, skills: dict[str, Sequence[str]]) -> None:
        self.version = version
        self._patterns = {name: _pattern(words) for name, words in sorted(skills.items())}

    def extract(self, text: str) -> list[str]:
        """The skills of a text: the most often named first, equal ones by name."""
        counts = {name: len(pattern.findall(text)) for name, pattern in self._patterns.items()}
        found = [name for name, count in counts.items() if count > 0]
        return sorted(found, key=lambda name: (-counts[name], name))


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def load_model(path: Path = MODEL) -> SkillModel:
    """Reads the model that is part of the image."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return SkillModel(content["version"], content["skills"])
