"""Results of long computations, stored beside the chapters in chapters/data."""

from pathlib import Path
from urllib.request import urlretrieve

CHAPTERS = "https://raw.githubusercontent.com/impbook/impbook/main/chapters"


def data_file(name: str) -> Path:
    """Path of a stored file, which is downloaded if the notebook runs on its own, as on Colab."""
    path = Path("data") / name
    return path if path.exists() else Path(urlretrieve(f"{CHAPTERS}/{path.as_posix()}")[0])
