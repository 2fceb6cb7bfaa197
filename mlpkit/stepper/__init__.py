"""What the Stepper shows at a micro-step, as plain data: dictionaries, lists, numbers and texts."""
