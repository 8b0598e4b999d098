"""IAM documents, built from names and account ids that are known at preview, so that they can be reviewed and linted there.

Each function returns the JSON text of one document.
"""
