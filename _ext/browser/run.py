"""Run one cell in the browser as a notebook would, and return its outputs as JSON."""

import json
import os
import sys

from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
HistoryManager.enabled = False
shell = InteractiveShell.instance(colors="NoColor")
shell.kernel = None  # without this attribute, pandas cuts tables to the width of a terminal
# This import may print a notice, so it comes before any cell.
__import__("matplotlib.font_manager")


def start(page):
    """Delete the names that earlier cells defined, and change to the folder of the page."""
    shell.reset(new_session=True)
    os.chdir("/book/chapters" if page.startswith("chapters/") else "/book")


def run(source):
    """The outputs of a cell in JSON, and whether the cell raised an error."""
    with capture_output() as captured:
        # Without the next line, a cell's last value would go to the terminal.
        shell.display_trap.hook = sys.displayhook
        result = shell.run_cell(source)
    outputs = [{"stdout": captured.stdout}] if captured.stdout else []
    outputs += [{"stderr": captured.stderr}] if captured.stderr else []
    for output in captured.outputs:
        outputs.append({k: v for k, v in output.data.items() if isinstance(v, str)})
    return json.dumps({"outputs": outputs, "failed": not result.success})


def versions():
    """The versions of Python, NumPy and SciPy that run the cells."""
    import numpy
    import scipy

    return f"Python {sys.version.split()[0]}, NumPy {numpy.__version__}, SciPy {scipy.__version__}"
