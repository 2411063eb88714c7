"""Times of the book's code against its peers. `python -m benchmarks` runs them all."""
