"""What differs between a stack's state and the cloud, without what is known to differ by itself."""
