"""An AWS and a Kubernetes that run on one machine, for the real Pulumi engine. It never imports the program it serves."""
