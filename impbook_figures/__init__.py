"""The figures and tables of the book. A figure is drawn by a function that returns its Axes."""
