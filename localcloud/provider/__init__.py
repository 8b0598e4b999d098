"""What every local Pulumi provider shares: values on the wire, unknowns, secrets, errors and the gRPC service."""
