"""What `make` calls besides libraries' own commands; each runs as `python -m tools.NAME`."""
