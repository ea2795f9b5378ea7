"""The AI service of the platform: skills from texts."""
