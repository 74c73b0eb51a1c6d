"""How the pictures are drawn that they learn from: a module a draw."""
