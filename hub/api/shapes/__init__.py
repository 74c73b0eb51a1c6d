"""What goes over the wire, field by field. A shape only spells out; it decides nothing."""
