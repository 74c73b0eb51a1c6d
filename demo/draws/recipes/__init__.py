"""Which adapters are trained, and how: a module a draw."""
