"""Pure functions and dated data: where decisions are made and table-tested. No Pulumi, no boto3, nothing of ours from outside."""
