"""A bucket that is made once per account: versioned, encrypted, private, without ACLs, answering over TLS only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from planning.state import ABORT_MULTIPART_DAYS, NONCURRENT_DAYS, SHARED, TAG
from scripts.deployed import Refused
from scripts.state_settings import Setting, policy, tagged

_NOT_SET = frozenset(
    {
        "NoSuchBucketPolicy",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "NoSuchTagSet",
        "OwnershipControlsNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
_PRIVATE = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
_OWNERSHIP = [{"ObjectOwnership": "BucketOwnerEnforced"}]


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    bucket: str
    account: str
    region: str
    policy: str
    encryption: Callable[[], Mapping[str, str]]
    """What is applied by default, asked for once the key exists."""
    expiration_days: int | None
    """None: what is current stays."""
    logs_bucket: str | None
    """Where access logs go. None: for the log bucket itself."""


class Bucket:
    """Every call says whose bucket it is: S3 refuses it for one that another account has under the name."""

    def __init__(self, s3: Any, args: BucketArgs) -> None:
        self._s3, self._args = s3, args
        self._of: Mapping[str, str] = {"Bucket": args.bucket, "ExpectedBucketOwner": args.account}

    @property
    def name(self) -> str:
        return f"bucket {self._args.bucket}"

    def exists(self) -> bool:
        try:
            region: str = self._s3.head_bucket(**self._of)["BucketRegion"]
        except ClientError as error:
            # To a HEAD S3 answers without a body: the code is the status.
            if error.response["Error"]["Code"] == "404":
                return False
            if error.response["Error"]["Code"] == "403":
                raise self._taken("or hidden from these credentials (s3:ListBucket)") from error
            raise
        if region != self._args.region:
            raise Refused(
                f"{self.name} is in {region}, not in {self._args.region}: an account has one for all its stacks, and the roles of CI reach "
                f"nothing outside their stack's region. Say --account {self._args.account} --region {region} to look at it there; a stack "
                "that CI deploys elsewhere needs another account"
            )
        return True

    def make(self) -> None:
        # us-east-1 is where S3 makes a bucket that says nothing, and no location that it takes.
        there = {} if self._args.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self._args.region}}
        try:
            self._s3.create_bucket(Bucket=self._args.bucket, **there)
        except ClientError as error:
            if error.response["Error"]["Code"] == "BucketAlreadyExists":
                raise self._taken("which took it just now") from error
            raise

    @property
    def ours(self) -> bool:
        """An empty bucket without a tag is one that an interrupted run had just made: nobody loses anything by it."""
        tags = self._tags()
        return tagged(tags) or not (tags or self._has_objects())

    @property
    def adopt(self) -> str:
        return f"aws s3api put-bucket-tagging --bucket {self._args.bucket} --tagging 'TagSet=[{{Key={TAG},Value={SHARED}}}]'"

    def settings(self) -> Sequence[Setting]:
        args = self._args
        encryption = {**args.encryption()}
        rule = {"ApplyServerSideEncryptionByDefault": encryption, "BucketKeyEnabled": "KMSMasterKeyID" in encryption}
        return (
            *self._mark(),
            self._setting("public access", "public_access_block", _PRIVATE, "PublicAccessBlockConfiguration", _PRIVATE),
            self._setting("ownership", "bucket_ownership_controls", _OWNERSHIP, "OwnershipControls", {"Rules": _OWNERSHIP}),
            self._setting("policy", "bucket_policy", policy(args.policy), "Policy", args.policy),
            self._setting("encryption", "bucket_encryption", rule, "ServerSideEncryptionConfiguration", {"Rules": [rule]}),
            self._setting("versioning", "bucket_versioning", "Enabled", "VersioningConfiguration", {"Status": "Enabled"}),
            self._setting(
                "lifecycle", "bucket_lifecycle_configuration", [self._rule()], "LifecycleConfiguration", {"Rules": [self._rule()]}
            ),
            *self._logging(),
        )

    def _mark(self) -> Sequence[Setting]:
        """The tag that says whose it is; not for what is somebody else's and just as it should be."""
        if not self.ours:
            return ()
        body = {"TagSet": [{"Key": TAG, "Value": SHARED}]}
        return (Setting("tag", True, lambda: tagged(self._tags()), lambda: self._s3.put_bucket_tagging(**self._of, Tagging=body)),)

    def _logging(self) -> Sequence[Setting]:
        if self._args.logs_bucket is None:
            return ()
        wanted = {"TargetBucket": self._args.logs_bucket, "TargetPrefix": f"{self._args.bucket}/"}
        return (self._setting("access logs", "bucket_logging", wanted, "BucketLoggingStatus", {"LoggingEnabled": wanted}),)

    def _rule(self) -> Mapping[str, object]:
        expiration = {"Days": self._args.expiration_days} if self._args.expiration_days else {"ExpiredObjectDeleteMarker": True}
        return {
            "ID": "everything",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": expiration,
            "NoncurrentVersionExpiration": {"NoncurrentDays": NONCURRENT_DAYS},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_MULTIPART_DAYS},
        }

    def _setting(self, name: str, call: str, wanted: object, parameter: str, body: object) -> Setting:
        return Setting(
            name,
            wanted,
            lambda: self._read(f"get_{call}", _FOUND[call]),
            lambda: getattr(self._s3, f"put_{call}")(**self._of, **{parameter: body}),
        )

    def _read(self, call: str, of: Callable[[Any], object]) -> object:
        try:
            return of(getattr(self._s3, call)(**self._of))
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_SET:
                return None
            raise

    def _tags(self) -> Sequence[Mapping[str, str]]:
        found: Any = self._read("get_bucket_tagging", lambda answer: answer["TagSet"])
        return found or ()

    def _has_objects(self) -> bool:
        found = self._s3.list_object_versions(**self._of, MaxKeys=1)
        return bool(found.get("Versions") or found.get("DeleteMarkers"))

    def _taken(self, how: str) -> Refused:
        return Refused(
            f"{self.name} belongs to another account, {how}: names of buckets are the whole world's. Find out whose it is, for nothing "
            "may be written there; a name of its own is given by PROJECT in planning/names.py, before the first stack"
        )


def _rule_of_encryption(answer: Any) -> object:
    """What of it is ours to say: AWS may add the types of encryption that it blocks."""
    (rule,) = answer["ServerSideEncryptionConfiguration"]["Rules"]
    return {key: rule.get(key) for key in ("ApplyServerSideEncryptionByDefault", "BucketKeyEnabled")}


def _target_of_logs(answer: Any) -> object:
    enabled = answer.get("LoggingEnabled", {})
    return {key: enabled.get(key) for key in ("TargetBucket", "TargetPrefix")}


_FOUND: Mapping[str, Callable[[Any], object]] = {
    "bucket_encryption": _rule_of_encryption,
    "bucket_lifecycle_configuration": lambda answer: answer["Rules"],
    "bucket_logging": _target_of_logs,
    "bucket_ownership_controls": lambda answer: answer["OwnershipControls"]["Rules"],
    "bucket_policy": lambda answer: policy(answer["Policy"]),
    "bucket_versioning": lambda answer: answer.get("Status"),
    "public_access_block": lambda answer: answer["PublicAccessBlockConfiguration"],
}
