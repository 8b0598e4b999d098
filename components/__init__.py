"""Reusable Pulumi components, one AWS idea each. They declare; they do not decide."""
