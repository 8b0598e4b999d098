"""One rule per file; each exports RULE. `policies.pack` collects them."""
