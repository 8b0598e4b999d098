"""What `make bench` runs. Nothing here is a test: figures depend on the machine, so each is taken beside what it is compared to."""
