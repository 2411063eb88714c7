"""Hypothesis profiles: `HYPOTHESIS_PROFILE=long` is thorough; `mutants` is for `make mutants`."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.register_profile(  # always the same examples, without shrinking: only failure matters
    "mutants",
    deadline=None,
    max_examples=60,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
