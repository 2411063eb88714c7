"""Hypothesis profiles: quick by default, `HYPOTHESIS_PROFILE=long` for a thorough run."""

import os

from hypothesis import settings

settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
