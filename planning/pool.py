"""Which address range a new environment gets."""

from collections.abc import Iterable
from ipaddress import IPv4Network, collapse_addresses

from planning.refusal import Refused


def next_free(pool: str, prefix: int, taken: Iterable[str]) -> str:
    """The lowest range of length /`prefix` in `pool` that shares no address with any of `taken`, whose host bits do not matter.

    Raises Refused when there is none, and for a pool that is narrower than one such range.
    """
    whole = IPv4Network(pool)
    if not whole.prefixlen <= prefix <= whole.max_prefixlen:
        raise Refused(got=f"/{prefix}", expected=f"/{whole.prefixlen} to /{whole.max_prefixlen}, a part of {pool}", remedy="widen the pool")
    others = [IPv4Network(each, strict=False) for each in taken]
    for candidate in whole.subnets(new_prefix=prefix):
        if not any(candidate.overlaps(other) for other in others):
            return str(candidate)
    used = ", ".join(str(each) for each in collapse_addresses(other for other in others if other.overlaps(whole)))
    raise Refused(
        got=f"{pool}, of which {used} is taken", expected=f"a free /{prefix} in it", remedy="widen the pool, or retire an environment"
    )


def numbered(pool: str, prefix: int, number: int) -> str:
    """The part of length /`prefix` of `pool` that a number names: the first is 0, and after the last it begins again."""
    whole = IPv4Network(pool)
    parts = 2 ** (prefix - whole.prefixlen)
    first = int(whole.network_address) + number % parts * 2 ** (whole.max_prefixlen - prefix)
    return f"{IPv4Network((first, prefix))}"
