import doctest

from tools.book import ROOT


def test_the_examples_of_the_readme_run():
    readme = ROOT / "README.md"
    result = doctest.testfile(str(readme), module_relative=False)
    assert result.attempted >= 3
    assert result.failed == 0
