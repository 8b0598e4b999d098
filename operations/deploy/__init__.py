"""A deploy does what was approved, or nothing: plans, their digests, and what of them was applied."""
