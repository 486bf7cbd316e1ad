"""The catalogues that are measured: the real one of ECS, and that one beside 34 services that are made up.

These have the shapes of the real one: its sizes of categories, its numbers of calls, dependencies and options, titles,
paths and names of its length. The services that ECS depends on use the actions that ECS depends on, so that a tick in
ECS means something for them too. The same seed gives the same file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "ecs.yaml"
LARGE = 2000  # operations of the large catalogue, those of ECS included
SEED = 20260701

# slug, title, level, what it manages. The first three stand in the fixture, without operations.
SERVICES = [
    ("evs", "Elastic Volume Service", "XA", "disk, disk snapshot, disk transfer, backup policy"),
    ("ims", "Image Management Service", "XA", "image, image member, image schema, data disk image"),
    ("vpc", "Virtual Private Cloud", "XA", "subnet, port, security group, peering connection, route table, flow log"),
    ("as", "Auto Scaling", "XA", "scaling group, scaling policy, scaling configuration, lifecycle hook"),
    ("bms", "Bare Metal Server", "XA", "bare metal server, server NIC, server disk, server flavor"),
    ("cbr", "Cloud Backup and Recovery", "XA", "vault, backup, backup policy, protectable resource"),
    ("cce", "Cloud Container Engine", "XA", "cluster, node, node pool, add-on instance, storage class, job"),
    ("ces", "Cloud Eye", "XA", "alarm rule, metric, event, resource group, alarm template"),
    ("cfw", "Cloud Firewall", "XA", "firewall instance, protection rule, address group, service group"),
    ("csbs", "Cloud Server Backup Service", "XA", "server backup, backup policy, backup copy"),
    ("css", "Cloud Search Service", "XA", "search cluster, cluster snapshot, custom dictionary, VPC endpoint"),
    ("dcs", "Distributed Cache Service", "XA", "cache instance, instance parameter, cache backup, IP whitelist"),
    ("dds", "Document Database Service", "XA", "database instance, database backup, parameter template, database user"),
    ("deh", "Dedicated Host", "XA", "dedicated host, host type, host server"),
    ("dis", "Data Ingestion Service", "XA", "stream, partition, application, checkpoint, dump task"),
    ("dms", "Distributed Message Service", "XA", "queue, consumer group, message, Kafka instance, topic"),
    ("dns", "Domain Name Service", "AX", "public zone, private zone, record set, PTR record, line group"),
    ("drs", "Data Replication Service", "XA", "replication task, connection test, comparison task"),
    ("dws", "Data Warehouse Service", "XA", "warehouse cluster, cluster snapshot, cluster node, event subscription"),
    ("elb", "Elastic Load Balance", "XA", "load balancer, listener, backend server group, health check, certificate"),
    ("fgs", "FunctionGraph", "XA", "function, function trigger, function version, reserved instance"),
    ("gaussdb", "GaussDB", "XA", "GaussDB instance, instance backup, parameter template, read replica"),
    ("hss", "Host Security Service", "XA", "protected host, vulnerability, baseline check, intrusion event"),
    ("kms", "Key Management Service", "XA", "master key, data key, key grant, key pair, secret version"),
    ("lts", "Log Tank Service", "XA", "log group, log stream, log transfer, host group, access rule"),
    ("modelarts", "ModelArts", "XA", "training job, data set, notebook instance, model, real-time service"),
    ("mrs", "MapReduce Service", "XA", "MapReduce cluster, job execution, auto scaling rule, bootstrap action"),
    ("nat", "NAT Gateway", "XA", "public NAT gateway, private NAT gateway, SNAT rule, DNAT rule"),
    ("obs", "Object Storage Service", "AX", "bucket, object, bucket policy, lifecycle rule, multipart upload"),
    ("rds", "Relational Database Service", "XA", "database instance, manual backup, database account, slow query log"),
    ("sfs", "Scalable File Service", "XA", "file system, access rule, mount target, file system quota"),
    ("smn", "Simple Message Notification", "XA", "notification topic, subscription, message template"),
    ("swr", "Software Repository for Container", "XA", "repository, image tag, organization, retention policy"),
    (
        "waf",
        "Web Application Firewall",
        "XA",
        "protected domain name, policy rule, certificate, attack event, blacklist",
    ),
]
CATEGORY_TITLES = [
    "{} Management",
    "{} Query",
    "{} Batch Operations",
    "{} Configuration",
    "{} Monitoring",
    "{} Authorization",
    "{} Maintenance",
    "{} Migration",
]
NATIVE = " (native OpenStack API)"


class Verb(NamedTuple):
    title: str
    method: str
    name: str
    access: str


VERBS = [
    Verb("Querying a list of", "GET", "list", "read"),
    Verb("Querying details about", "GET", "get", "read"),
    Verb("Creating", "POST", "create", "write"),
    Verb("Deleting", "DELETE", "delete", "write"),
    Verb("Modifying", "PUT", "update", "write"),
    Verb("Querying tags of", "GET", "getTags", "read"),
    Verb("Batch adding or deleting tags of", "POST", "setTags", "write"),
    Verb("Restarting", "POST", "restart", "write"),
    Verb("Querying quotas of", "GET", "getQuota", "read"),
    Verb("Restoring", "POST", "restore", "write"),
    Verb("Querying the status of", "GET", "showStatus", "read"),
    Verb("Exporting", "POST", "export", "write"),
    Verb("Enabling or disabling", "PUT", "switch", "write"),
]


@dataclass(frozen=True)
class Shape:
    """What the real catalogue looks like, to draw from."""

    category_sizes: list[int]
    dependency_counts: list[int]
    prefix_actions: dict[str, list[str]]  # by their first part, those of services without operations of their own
    common: list[str]  # dependencies, as often as they are named


@dataclass(frozen=True)
class Made:
    """A made-up operation."""

    category: str
    position: int
    title: str
    noun: str
    verb: Verb
    source: str

    @property
    def service(self) -> str:
        return self.category.partition("/")[0]

    @property
    def native(self) -> bool:
        return self.title.endswith(NATIVE)


@dataclass
class Rows:
    """The entries of a file as they come, each row once, and none that the fixture has."""

    entries: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def add(self, model: str, pk: str, **fields: Any) -> str:
        if pk not in fixture()[model]:
            self.entries.setdefault((model, pk), {"model": f"policybuilder.{model}", "pk": pk, "fields": fields})
        return pk


@cache
def fixture() -> dict[str, dict[str, dict[str, Any]]]:
    """The rows of the real catalogue: model -> id -> fields."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in yaml.load(FIXTURE.read_text(encoding="utf-8"), Loader=loader):  # noqa: S506 - a safe loader
        rows.setdefault(entry["model"].removeprefix("policybuilder."), {})[entry["pk"]] = entry["fields"]
    return rows


def ecs_operations() -> list[str]:
    """The ids of the real operations, in the vendor's order."""
    return list(fixture()["operationrecord"])


def write_large(path: Path, seed: int = SEED) -> None:
    """Write what belongs beside the fixture to make a catalogue of LARGE operations."""
    rows = Rows()
    random = Random(seed)
    shape = _shape()
    sizes = _shares(LARGE - len(ecs_operations()), len(SERVICES), random)
    for position, (service, size) in enumerate(zip(SERVICES, sizes, strict=True), start=1):
        _add_service(rows, random, shape, service, size, position)
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump(list(rows.entries.values()), Dumper=dumper, sort_keys=False, width=200)
    path.write_text(text, encoding="utf-8")


def _shape() -> Shape:
    rows = fixture()
    operations = rows["operationrecord"].values()
    in_category = [fields["category"] for fields in operations]
    prefix_actions: dict[str, list[str]] = {}
    for name in rows["actionrecord"]:
        prefix_actions.setdefault(name.partition(":")[0], []).append(name)
    return Shape(
        category_sizes=[in_category.count(category) for category in rows["categoryrecord"]],
        dependency_counts=[len(fields["dependencies"]) for fields in operations],
        prefix_actions=prefix_actions,
        common=[name for fields in operations for name in fields["dependencies"]],
    )


def _shares(total: int, parts: int, random: Random) -> list[int]:
    """`total` in whole parts, the largest about four times the smallest."""
    weights = [random.uniform(1, 4) for _ in range(parts)]
    shares = [int(total * weight / sum(weights)) for weight in weights]
    for at in range(total - sum(shares)):
        shares[at % parts] += 1
    return shares


def _add_service(
    rows: Rows, random: Random, shape: Shape, service: tuple[str, str, str, str], size: int, position: int
) -> None:
    slug, title, level, nouns = service
    rows.add("servicerecord", slug, title=title, action_prefix=slug, level=level, complete=True, position=position)
    source = rows.add(
        "sourcerecord",
        f"made-up-{slug}",
        title=f"{title}, API Reference: Permissions and Supported Actions",
        url=f"https://docs.example.com/{_slug(title)}/api-ref/permissions_and_supported_actions/index.html",
    )
    known = list(shape.prefix_actions.get(slug, ()))
    categories = ((noun, pattern) for pattern in CATEGORY_TITLES for noun in nouns.split(", "))
    for at, (noun, pattern) in enumerate(categories):
        if size == 0:
            return
        category_title = pattern.format(noun[0].upper() + noun[1:])
        category = f"{slug}/{_slug(category_title)}"
        rows.add(
            "categoryrecord",
            category,
            service=slug,
            slug=_slug(category_title),
            title=category_title,
            source=source,
            position=at,
        )
        count = min(size, random.choice(shape.category_sizes))
        for place, (operation_title, verb) in enumerate(_wordings(noun, count, random)):
            operation = Made(category, place, operation_title, noun, verb, source)
            _add_operation(rows, random, shape, operation, known)
        size -= count
    raise ValueError(f"{slug} has too few categories for its operations: {size} are left")


def _wordings(noun: str, count: int, random: Random) -> Iterator[tuple[str, Verb]]:
    """(title, verb) for each operation of a category. Nearly half of them repeat another one as native API."""
    own = (count + 2) // 2
    verbs = random.sample(VERBS, min(own, len(VERBS)))
    for verb in verbs:
        yield f"{verb.title} {_plural(noun)}", verb
    for verb in verbs[: count - own]:
        yield f"{verb.title} {_plural(noun)}{NATIVE}", verb


def _add_operation(rows: Rows, random: Random, shape: Shape, made: Made, known: list[str]) -> None:
    """`known`: the actions of the service so far, for the next operations to depend on."""
    action = _action(random, shape, made, known)
    rows.add("actionrecord", action)
    if action not in known:
        known.append(action)
    near = [name for name in known if name != action] or shape.common
    count = random.choice(shape.dependency_counts)
    names = {random.choice(near if random.random() < 0.6 else shape.common) for _ in range(count)}
    works = "no" if made.native else random.choice(["yes", "yes", "no", "unknown"])
    url = f"https://docs.example.com/{made.service}/api-ref/apis/{_slug(made.noun)}/{_slug(made.title)}.html"
    own = f"{made.category}/{_slug(made.title.removesuffix(NATIVE))}"
    operation = rows.add(
        "operationrecord",
        f"{made.category}/{_slug(made.title)}",
        category=made.category,
        slug=_slug(made.title),
        title=made.title,
        access=made.verb.access,
        native=made.native,
        calls=[
            rows.add("apicallrecord", f"{made.verb.method} {path}", method=made.verb.method, path=path)
            for path in _paths(random, made)
        ],
        actions=[action],
        dependencies=sorted(names),
        iam_project="yes",
        enterprise_project=works,
        by_instance="no",
        by_tag="no",
        scope_evidence="missing" if works == "unknown" else "stated",
        scope_source=None if works == "unknown" else made.source,
        enterprise_alternative=own if made.native else None,
        pages=[rows.add("pagerecord", url, title=made.title)],
        position=made.position,
    )
    if made.verb.name == "create" and not made.native and random.random() < 0.2:
        for at, title in enumerate(("Assigning a new EIP", "Using an existing EIP")):
            rows.add(
                "optionrecord",
                f"{operation}#{_slug(title)}",
                operation=operation,
                slug=_slug(title),
                title=title,
                dependencies=[random.choice(shape.common)],
                position=at,
            )


def _action(random: Random, shape: Shape, made: Made, known: list[str]) -> str:
    """One that ECS depends on now and then, where there are any; else the service's own."""
    real = shape.prefix_actions.get(made.service)
    if real and random.random() < 0.3:
        return random.choice(real)
    return f"{made.service}:{_camel(_plural(made.noun))}:{made.verb.name}"


def _paths(random: Random, made: Made) -> list[str]:
    nouns = _slug(_plural(made.noun))
    versions = ["v2", "v2.1"] if made.native else [random.choice(["v1", "v2", "v3"])]
    rest = {"list": "", "create": ""}.get(made.verb.name, f"/{{{_slug(made.noun).replace('-', '_')}_id}}")
    if made.verb.name not in ("list", "create", "get", "update", "delete"):
        rest += f"/{made.verb.name}"
    return [f"/{version}/{{project_id}}/{made.service}/{nouns}{rest}" for version in versions]


def _slug(text: str) -> str:
    kept = "".join(c if c.isalnum() else " " for c in text.lower())
    return "-".join(kept.split())


def _camel(text: str) -> str:
    first, *others = _slug(text).split("-")
    return first + "".join(word.capitalize() for word in others)


def _plural(noun: str) -> str:
    if noun[-1] == "y" and noun[-2] not in "aeou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"
