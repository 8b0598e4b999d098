"""Whether an environment works, as those who use it would find out: from what it publishes, by looking only."""
