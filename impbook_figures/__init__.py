"""Every figure and table of the book: a figure takes arrays and returns the Axes it drew on."""
