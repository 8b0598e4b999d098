"""Environments of pull requests: a slice of the shared development environment, or a whole one, each with a day after which it goes."""
