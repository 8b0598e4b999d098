"""What the scripts around `pulumi up` are made of, one idea per package; what people type is in scripts/."""
