"""What a pull request would change: the runs that find it out, and the comment that says it."""
