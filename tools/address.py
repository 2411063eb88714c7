"""Move the project: replace the addresses of the repository and the site, except in _vendor.

python -m tools.address https://github.com/someone/impbook https://someone.github.io/impbook

The current addresses are in pyproject.toml, under project.urls; a test compares all other
occurrences with them.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

from tools.book import ROOT


def addresses(repository: str, site: str) -> list[str]:
    """The forms in which the two addresses occur in files."""
    name = repository.removeprefix("https://")
    raw = name.replace("github.com", "raw.githubusercontent.com", 1)
    return [name, raw, site.removeprefix("https://").rstrip("/")]


def move(files: list[Path], old: list[str], new: list[str]) -> list[Path]:
    """Replace the old addresses in text files, and return the files that changed."""
    changed = []
    for path in files:
        try:
            before = after = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for a, b in zip(old, new, strict=True):
            after = after.replace(a, b)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


if __name__ == "__main__":
    if len(sys.argv) != 3 or not all(a.startswith("https://") for a in sys.argv[1:]):
        sys.exit(__doc__)
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    files = [ROOT / name for name in listed.split("\0") if name and not name.startswith("_vendor/")]
    for path in move(files, addresses(urls["Repository"], urls["Book"]), addresses(*sys.argv[1:])):
        print(path.relative_to(ROOT))
