"""Properties are judged by their answers, not by the clock of a busy machine."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
