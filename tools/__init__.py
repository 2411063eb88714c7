"""The project's own commands, each run as `python -m tools.NAME`, and modules that they share."""
