"""What an environment is: its stack file, over the defaults of its profile, checked before anything is registered."""
