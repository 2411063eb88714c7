"""The figures and tables of the book. A figure takes arrays and returns the Axes it drew on."""
