"""What jobs tell people on GitHub: one comment on a pull request, one issue per stack, each edited in place."""
