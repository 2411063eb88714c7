"""Hypothesis profiles: `HYPOTHESIS_PROFILE=long` is thorough; `mutants` is for `make mutants`."""

from __future__ import annotations

import os

from hypothesis import Phase, settings

settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=60,
    derandomize=True,  # the same examples every time
    phases=[Phase.explicit, Phase.generate],  # no shrinking: any failing example will do
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
