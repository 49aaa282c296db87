"""How hypothesis runs here: no time limit for an example, and in CI the same examples every time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

CALM = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("engine", deadline=None, suppress_health_check=CALM)
settings.register_profile("engine-ci", settings.get_profile("engine"), derandomize=True, database=None)
settings.load_profile("engine-ci" if os.environ.get("CI") == "true" else "engine")
