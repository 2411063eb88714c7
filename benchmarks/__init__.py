"""Compare the book's code with its peers. `python -m benchmarks` runs all comparisons."""
