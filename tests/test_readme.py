import doctest
from pathlib import Path

import pytest


@pytest.mark.parametrize("page", ["README.md", "index.md"])
def test_the_examples_on_the_front_pages_run(page):
    result = doctest.testfile(str(Path(__file__).parents[1] / page), module_relative=False)
    assert result.attempted >= 3
    assert result.failed == 0
