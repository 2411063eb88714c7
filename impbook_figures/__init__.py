"""The figures and tables of the book. A figure's function takes arrays and returns its Axes."""
