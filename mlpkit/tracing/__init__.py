"""The algorithm as scalar micro-steps, each with the equation that makes its number."""
