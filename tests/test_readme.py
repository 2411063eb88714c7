import doctest
from pathlib import Path


def test_the_examples_of_the_readme_run():
    readme = Path(__file__).parents[1] / "README.md"
    result = doctest.testfile(str(readme), module_relative=False)
    assert result.attempted >= 3
    assert result.failed == 0
