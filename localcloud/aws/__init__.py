"""The local AWS provider: a row per resource type says how to call boto3; facts say what the official provider would do."""
