"""All that can be said of one file: what it is, what it fits, what is wrong with it."""
