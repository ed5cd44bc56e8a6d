"""What the API was told, read from moto's memory into plain values. Whoever reads holds moto's turn."""

import base64
import ipaddress
from dataclasses import dataclass, field

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends


@dataclass(frozen=True)
class Rule:
    """One rule of a security group: one protocol, one range of ports (of ICMP: type and code), one peer."""

    protocol: str
    first: int | None
    last: int | None
    cidr: str | None
    group: str | None


@dataclass(frozen=True)
class Group:
    id: str
    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]


@dataclass(frozen=True)
class Route:
    """`kind`: igw, nat (`target` is its public address), machine (`target` is its id), or blackhole."""

    destination: str
    kind: str
    target: str | None = None


@dataclass(frozen=True)
class Subnet:
    id: str
    vpc: str
    cidr: str
    routes: tuple[Route, ...]

    @property
    def gateway(self):
        return str(ipaddress.ip_network(self.cidr)[1])


@dataclass(frozen=True)
class Machine:
    id: str
    state: str
    vpc: str
    subnet: str
    address: str
    public: str | None
    groups: tuple[str, ...]
    checked: bool
    user_data: bytes
    key_name: str | None
    public_key: str | None
    hostname: str
    # Of the instance type; None where moto does not know it.
    memory: int | None
    cpus: int | None
    reboots: int

    @property
    def link(self):
        return "v" + self.id.removeprefix("i-")[-12:]

    @property
    def hardware_address(self):
        return "06:00:" + ":".join(f"{int(part):02x}" for part in self.address.split("."))


@dataclass(frozen=True)
class HealthCheck:
    """Times in seconds, as the API was told."""

    protocol: str
    port: str
    path: str
    codes: str
    interval: float
    timeout: float
    healthy: int
    unhealthy: int


@dataclass(frozen=True)
class Target:
    group: str
    id: str
    port: int
    # None: it does not run.
    address: str | None


@dataclass(frozen=True)
class TargetGroup:
    arn: str
    keeps_clients: bool
    check: HealthCheck
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Listener:
    protocol: str
    port: int
    target_group: str | None


@dataclass(frozen=True)
class Balancer:
    arn: str
    number: int
    name: str
    vpc: str
    dns_name: str
    private: str
    public: str | None
    groups: tuple[str, ...]
    listeners: tuple[Listener, ...]


@dataclass(frozen=True)
class VPC:
    id: str
    cidrs: tuple[str, ...]
    has_gateway: bool

    @property
    def resolver(self):
        return str(ipaddress.ip_network(self.cidrs[0])[2])


@dataclass
class World:
    vpcs: dict[str, VPC] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    machines: dict[str, Machine] = field(default_factory=dict)
    balancers: dict[str, Balancer] = field(default_factory=dict)
    target_groups: dict[str, TargetGroup] = field(default_factory=dict)
    # Addresses by name; those of private zones by network.
    names: dict[str, str] = field(default_factory=dict)
    private_names: dict[str, dict[str, str]] = field(default_factory=dict)


def backends(kind):
    """Those that exist, one a region. Asking for others would make them."""
    return list(dict.values(kind[DEFAULT_ACCOUNT_ID]))


def read(addresses):
    """`addresses` gives balancers theirs (see addresses.py)."""
    world = World()
    for backend in backends(ec2_backends):
        _read_network(world, backend)
        _read_machines(world, backend)
    for backend in backends(elbv2_backends):
        _read_balancers(world, backend, addresses)
    _read_names(world)
    return world


def truth(value):
    return value if isinstance(value, bool) else str(value).lower() == "true"


# ---- networks ---------------------------------------------------------------


def _read_network(world, backend):
    gateways = {gateway.vpc.id for gateway in backend.internet_gateways.values() if gateway.vpc}
    for vpc in backend.vpcs.values():
        cidrs = [a["cidr_block"] for a in vpc.get_cidr_block_association_set(ipv6=False)] or [vpc.cidr_block]
        world.vpcs[vpc.id] = VPC(vpc.id, tuple(cidrs), vpc.id in gateways)
    tables = list(backend.route_tables.values())
    for subnets in backend.subnets.values():
        for subnet in subnets.values():
            own = [table for table in tables if subnet.id in table._associations.values()]
            main = [table for table in tables if table.vpc_id == subnet.vpc_id and table.main_association_id]
            table = next(iter(own + main), None)
            routes = tuple(_routes(table, backend, tables)) if table else ()
            world.subnets[subnet.id] = Subnet(subnet.id, subnet.vpc_id, subnet.cidr_block, routes)
    for groups in backend.groups.values():
        for group in groups.values():
            world.groups[group.id] = Group(group.id, _rules(group.ingress_rules), _rules(group.egress_rules))


def _routes(table, backend, tables):
    for route in table.routes:
        destination = route.destination_cidr_block
        if not destination or route.local:
            continue
        yield Route(destination, *_target(route, table, backend, tables))


def _target(route, table, backend, tables):
    gateway = route.gateway
    if gateway is not None and gateway.id.startswith("igw-"):
        return ("igw",) if gateway.vpc and gateway.vpc.id == table.vpc_id else ("blackhole",)
    if route.nat_gateway is not None:
        return _nat(route.nat_gateway, backend, tables)
    instance = route.instance or (route.interface.instance if route.interface else None)
    if instance is not None and instance.state != "terminated":
        return "machine", instance.id
    return ("blackhole",)


def _nat(nat, backend, tables):
    """A NAT gateway works when it has a public address and its own network leads to an internet gateway."""
    public = next((address.get("publicIp") for address in nat.address_set if address.get("publicIp")), None)
    own = [table for table in tables if nat.subnet_id in table._associations.values()]
    main = [table for table in tables if table.vpc_id == nat.vpc_id and table.main_association_id]
    leads_out = any(
        route.destination_cidr_block == "0.0.0.0/0" and route.gateway is not None and route.gateway.id.startswith("igw-")
        for table in (own or main)[:1] for route in table.routes)
    return ("nat", public) if nat.state == "available" and public and leads_out else ("blackhole",)


def _rules(rules):
    found = []
    for rule in rules:
        # IPv6 and prefix lists are not part of this world: what they would allow is not.
        cidr, group = rule.ip_range.get("CidrIp"), rule.source_group.get("GroupId")
        if cidr or group:
            found.append(Rule(rule.ip_protocol, rule.from_port, rule.to_port, cidr, group))
    return tuple(sorted(set(found), key=repr))


# ---- machines ---------------------------------------------------------------


def _read_machines(world, backend):
    for instance in backend.all_instances():
        interface = instance.nics.get(0)
        subnet = instance.subnet_id
        # One that is terminated is listed for longer than its network may live.
        if subnet not in world.subnets or interface is None:
            continue
        pair = backend.key_pairs.get(instance.key_name) if instance.key_name else None
        kind = INSTANCE_TYPES.get(instance.instance_type, {})
        memory = kind.get("MemoryInfo", {}).get("SizeInMiB")
        world.machines[instance.id] = Machine(
            id=instance.id, state=instance.state, vpc=world.subnets[subnet].vpc, subnet=subnet, address=interface.private_ip_address,
            public=interface.public_ip if instance.state == "running" else None,
            groups=tuple(sorted(group.id for group in interface.group_set)),
            checked=truth(instance.source_dest_check) and truth(interface.source_dest_check),
            user_data=base64.b64decode(str(instance.user_data)) if instance.user_data else b"",
            key_name=instance.key_name, public_key=pair.public_key.strip() if pair and pair.material_public else None,
            hostname=instance.private_dns_name.split(".")[0], memory=memory << 20 if memory else None,
            cpus=kind.get("VCpuInfo", {}).get("DefaultVCpus"), reboots=getattr(instance, "world_reboots", 0))
        if instance.state != "terminated":
            world.names[instance.private_dns_name] = interface.private_ip_address


# ---- balancers --------------------------------------------------------------


def _read_balancers(world, backend, addresses):
    for group in backend.target_groups.values():
        world.target_groups[group.arn] = _target_group(world, group)
    for balancer in backend.load_balancers.values():
        if balancer.type != "network" or not balancer.subnets:
            continue
        private, public = addresses.of_balancer(balancer)
        listeners = tuple(
            Listener((listener.protocol or "TCP").upper(), int(listener.port), _forward(listener.default_actions))
            for listener in balancer.listeners.values())
        world.balancers[balancer.arn] = Balancer(
            balancer.arn, addresses.number(balancer.arn), balancer.name, balancer.vpc_id, balancer.dns_name.lower(), private, public,
            tuple(balancer.security_groups or ()), listeners)
        world.names[balancer.dns_name.lower()] = public or private


def _forward(actions):
    for action in actions:
        data = action.data if hasattr(action, "data") else action
        if data.get("TargetGroupArn"):
            return data["TargetGroupArn"]
        for group in (data.get("ForwardConfig") or {}).get("TargetGroups", []):
            return group["TargetGroupArn"]
    return None


def _target_group(world, group):
    targets = []
    for target in group.targets.values():
        identity, port = target["Id"], int(target.get("Port") or group.port)
        machine = world.machines.get(identity)
        address = identity if not identity.startswith("i-") else None
        if machine and machine.state == "running":
            address = machine.address
        targets.append(Target(group.arn, identity, port, address))
    preserved = group.attributes.get("preserve_client_ip.enabled")
    keeps = truth(preserved) if preserved is not None else group.target_type == "instance"
    protocol = (group.health_check_protocol or "TCP").upper()
    codes = (getattr(group, "matcher", None) or {}).get("HttpCode") or "200-399"
    check = HealthCheck(
        protocol, str(group.health_check_port or "traffic-port"), group.health_check_path or "/", codes,
        float(group.health_check_interval_seconds), float(group.health_check_timeout_seconds), int(group.healthy_threshold_count),
        int(group.unhealthy_threshold_count))
    return TargetGroup(group.arn, keeps, check, tuple(targets))


# ---- names ------------------------------------------------------------------


def _read_names(world):
    for backend in backends(route53_backends):
        for zone in backend.zones.values():
            private = zone.private_zone is True or str(zone.private_zone).lower() == "true"
            vpcs = [vpc["vpc_id"] for vpc in zone.vpcs if vpc.get("vpc_id")]
            places = [world.private_names.setdefault(vpc, {}) for vpc in vpcs] if private else [world.names]
            for record in zone.rrsets:
                value = None
                if record.alias_target:
                    value = record.alias_target.get("DNSName")
                elif record.type in ("A", "CNAME") and record.records:
                    first = record.records[0]
                    value = first.get("Value") if isinstance(first, dict) else first
                if value:
                    for place in places:
                        place[record.name.rstrip(".").lower()] = value.rstrip(".").lower()


def resolve(world, name, vpc=None):
    """The IPv4 address of a name as it is seen in a network, or by everybody; None when it has none."""
    name = name.rstrip(".").lower()
    for _ in range(8):
        value = world.private_names.get(vpc, {}).get(name) or world.names.get(name)
        if value is None:
            return None
        try:
            return str(ipaddress.IPv4Address(value))
        except ValueError:
            # An alias of a balancer may carry this prefix.
            name = value.removeprefix("dualstack.")
    return None
