"""How much there is of everything that lists are narrowed by, counted without the database."""
