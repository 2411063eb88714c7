"""The project's own commands that `make` calls, each as `python -m tools.NAME`."""
