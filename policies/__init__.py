"""What may never be deployed. `pulumi preview --policy-pack policies` checks a stack; `make demo` does it before each update."""
