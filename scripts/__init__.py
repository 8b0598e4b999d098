"""What people and CI run around `pulumi up`. Each works with whatever AWS the environment points at."""
