"""What may be looked for among adapters: one table, and a file each for reading and narrowing."""
