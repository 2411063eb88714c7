"""Every figure of the book: each function takes arrays and returns the Axes it drew on."""
