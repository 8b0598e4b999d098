"""What the platform is made of."""
