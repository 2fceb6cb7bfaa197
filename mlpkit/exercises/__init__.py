"""What a learner writes, run safely, compared with the kit, and judged in words."""
