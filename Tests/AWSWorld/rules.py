"""The packet filter of a network's router, as nft(8) reads it. Pure: the same world gives the same text.

Every packet between machines, to and from balancers and through gateways passes these hooks:

    check     cut links; source/destination check
    egress    what the sender's security groups let out (connections that are tracked pass)
    balance   what a balancer's own security groups let in and out
    ingress   what the receiver's security groups let in

What the balancer n carries has n in the lower half of its connection mark. SNAT is set in the packet mark, an index of an
address.
"""

import ipaddress

GATEWAY = "igw"
# Marks of connections that lose their client's address, and of packets that return to a balancer's client.
LOSES_CLIENT = 0x10000
RETURNS = 0x20000


def render(world, vpc, cut=frozenset(), healthy=None):
    """`cut`: ids of machines whose link is cut. `healthy`: targets by target group that get connections."""
    machines = [m for m in world.machines.values() if m.vpc == vpc.id and m.state == "running"]
    balancers = [b for b in world.balancers.values() if b.vpc == vpc.id]
    snat = _Addresses()
    lines = ["table ip world", "delete table ip world", "table ip world {"]
    lines += _group_sets(world, machines, balancers)
    lines += _group_chains(world, machines, balancers)
    for machine in machines:
        for direction in ("in", "out"):
            jumps = [f"jump {direction}_{_name(group)}" for group in machine.groups if group in world.groups]
            lines += _chain(f"{direction}_{machine.link}", jumps + ["drop"])
    lines += _check(machines, cut)
    lines += _chain("egress", [
        "type filter hook forward priority -20; policy drop", "ct state established,related accept",
        f'iifname "{GATEWAY}" accept', *_by_link("iifname", "out", machines)])
    lines += _balance(world, balancers)
    gateway = _gateway(world, vpc, machines, snat)
    lines += _chain("to_gateway", gateway)
    lines += _chain("ingress", [
        "type filter hook forward priority -5; policy drop", "ct state established,related accept",
        f'oifname "{GATEWAY}" goto to_gateway', *_by_link("oifname", "in", machines)])
    lines += _chain("input", [
        "type filter hook input priority 0; policy drop", "ct state established,related accept", 'iifname "lo" accept',
        f"ip daddr {vpc.resolver} udp dport 53 accept"])
    # Health checks begin here.
    lines += _chain("output", [
        "type filter hook output priority 0; policy drop", "ct state established,related accept", 'oifname "lo" accept',
        *_by_link("oifname", "in", machines)])
    lines += _chain("returning", [
        "type filter hook prerouting priority -150; policy accept",
        f"ct direction reply ct mark and 0xffff != 0 meta mark set {RETURNS:#x}"])
    lines += _chain("destination", ["type nat hook prerouting priority -100; policy accept"]
                    + _forwarding(world, balancers, healthy or {}) + _publics(machines, vpc))
    lines += _chain("source", ["type nat hook postrouting priority 100; policy accept"] + _hiding(balancers, snat))
    return "\n".join(lines + ["}"]) + "\n"


class _Addresses:
    """Indices of the addresses that sources are changed to."""

    def __init__(self):
        self.all = []

    def index(self, address):
        if address not in self.all:
            self.all.append(address)
        return self.all.index(address) + 1


def _name(group):
    return group.replace("-", "_")


def _chain(name, lines):
    return [f"  chain {name} {{"] + [f"    {line}" + (";" if line.startswith("type ") else "") for line in lines] + ["  }"]


def _by_link(key, direction, machines):
    elements = ", ".join(f'"{m.link}" : goto {direction}_{m.link}' for m in machines)
    return [f"{key} vmap {{ {elements} }}"] if elements else []


# ---- security groups --------------------------------------------------------


def _group_sets(world, machines, balancers):
    lines = []
    for group in world.groups:
        members = sorted({m.address for m in machines if group in m.groups} | {b.private for b in balancers if group in b.groups})
        elements = f" elements = {{ {', '.join(members)} }};" if members else ""
        lines.append(f"  set {_name(group)} {{ type ipv4_addr;{elements} }}")
    return lines


def _group_chains(world, machines, balancers):
    used = {group for owner in [*machines, *balancers] for group in owner.groups if group in world.groups}
    lines = []
    for group in sorted(used):
        lines += _chain(f"in_{_name(group)}", _matches(world, balancers, world.groups[group].ingress, _from, "th dport"))
        lines += _chain(f"out_{_name(group)}", _matches(world, balancers, world.groups[group].egress, _to, "ct original proto-dst"))
        # What a balancer hands on has the target as its destination already.
        lines += _chain(f"lb_{_name(group)}", _matches(world, balancers, world.groups[group].egress, _to_target, "th dport"))
    return lines


def _matches(world, balancers, rules, peer, port):
    lines = []
    for rule in rules:
        protocol = _protocol(rule, port)
        for match in peer(world, balancers, rule):
            lines.append(" ".join(part for part in (match, protocol, "accept") if part))
    return lines


def _from(world, balancers, rule):
    if rule.cidr:
        return [_range("ip saddr", rule.cidr)]
    if rule.group not in world.groups:
        return []
    matches = [f"ip saddr @{_name(rule.group)}"]
    numbers = [str(b.number) for b in balancers if rule.group in b.groups]
    if numbers:
        matches.append(f"ct mark and 0xffff {{ {', '.join(numbers)} }}")
    return matches


def _to(world, balancers, rule):
    """By what the sender wrote on the packet, before a balancer changed it."""
    if rule.cidr:
        return [_range("ct original ip daddr", rule.cidr)]
    return [f"ct original ip daddr @{_name(rule.group)}"] if rule.group in world.groups else []


def _to_target(world, balancers, rule):
    if rule.cidr:
        return [_range("ip daddr", rule.cidr)]
    return [f"ip daddr @{_name(rule.group)}"] if rule.group in world.groups else []


def _range(field, cidr):
    network = ipaddress.ip_network(cidr, strict=False)
    return "" if network.prefixlen == 0 else f"{field} {network}"


def _protocol(rule, port):
    if rule.protocol in ("-1", None):
        return ""
    if rule.protocol in ("tcp", "udp"):
        if rule.first in (None, -1) or (rule.first, rule.last) == (0, 65535):
            return f"meta l4proto {rule.protocol}"
        ports = str(rule.first) if rule.first == rule.last else f"{rule.first}-{rule.last}"
        return f"meta l4proto {rule.protocol} {port} {ports}"
    if rule.protocol == "icmp":
        kind = f" icmp type {rule.first}" if rule.first not in (None, -1) else ""
        code = f" icmp code {rule.last}" if kind and rule.last not in (None, -1) else ""
        return f"meta l4proto icmp{kind}{code}"
    return f"meta l4proto {rule.protocol}"


# ---- links ------------------------------------------------------------------


def _check(machines, cut):
    lines = ["type filter hook forward priority -30; policy accept"]
    for machine in machines:
        if machine.id in cut:
            lines += [f'iifname "{machine.link}" drop', f'oifname "{machine.link}" drop']
        elif machine.checked:
            lines += [f'iifname "{machine.link}" ip saddr != {machine.address} drop',
                      f'oifname "{machine.link}" ip daddr != {machine.address} drop']
    # The same where no packet is forwarded: to the resolver, and from health checks.
    own = []
    for machine in machines:
        if machine.id in cut:
            own += [("input", f'iifname "{machine.link}" drop'), ("output", f'oifname "{machine.link}" drop')]
        elif machine.checked:
            own.append(("input", f'iifname "{machine.link}" ip saddr != {machine.address} drop'))
    chains = _chain("check", lines)
    for hook in ("input", "output"):
        chains += _chain(f"check_{hook}", [f"type filter hook {hook} priority -30; policy accept"]
                         + [line for at, line in own if at == hook])
    return chains


# ---- gateways ---------------------------------------------------------------


def _gateway(world, vpc, machines, snat):
    """What may leave through the internet gateway, and as whom."""
    lines = []
    if vpc.has_gateway:
        for machine in machines:
            subnet = world.subnets[machine.subnet]
            for route in sorted(subnet.routes, key=lambda route: -ipaddress.ip_network(route.destination).prefixlen):
                lines += _leaving(machine, route, snat)
    return lines + ["drop"]


def _leaving(machine, route, snat):
    source = f'iifname "{machine.link}" {_range("ip daddr", route.destination)}'.rstrip()
    if route.kind == "nat":
        return [f"{source} meta mark set {snat.index(route.target)} accept"]
    if route.kind == "igw" and machine.public:
        return [f"{source} ip saddr {machine.address} meta mark set {snat.index(machine.public)} accept", f"{source} drop"]
    return [f"{source} drop"]


def _publics(machines, vpc):
    if not vpc.has_gateway:
        return []
    return [f'iifname "{GATEWAY}" ip daddr {m.public} dnat to {m.address}' for m in machines if m.public]


# ---- balancers --------------------------------------------------------------


def _balance(world, balancers):
    guarded = [b for b in balancers if b.groups]
    lines = []
    for balancer in guarded:
        groups = [_name(group) for group in balancer.groups if group in world.groups]
        # Its groups' rules are about the port that it listens on.
        lines += _chain(f"balancer_in_{balancer.number}", [f"jump listen_{group}" for group in groups] + ["drop"])
        lines += _chain(f"balancer_out_{balancer.number}", [f"jump lb_{group}" for group in groups] + ["drop"])
    listening = sorted({group for b in guarded for group in b.groups if group in world.groups})
    chains = []
    for group in listening:
        chains += _chain(f"listen_{_name(group)}",
                         _matches(world, balancers, world.groups[group].ingress, _from, "ct original proto-dst"))
    lines = chains + lines
    for priority, direction in ((-15, "in"), (-14, "out")):
        elements = ", ".join(f"{b.number} : goto balancer_{direction}_{b.number}" for b in guarded)
        body = [f"ct mark and 0xffff vmap {{ {elements} }}"] if elements else []
        lines += _chain(f"balance_{direction}", [
            f"type filter hook forward priority {priority}; policy accept", "ct state established,related accept", *body])
    return lines


def _forwarding(world, balancers, healthy):
    lines = []
    for balancer in balancers:
        for listener in balancer.listeners:
            group = world.target_groups.get(listener.target_group)
            targets = healthy.get(listener.target_group, ()) if group else ()
            if not targets:
                continue
            mark = balancer.number | (0 if group.keeps_clients else LOSES_CLIENT)
            for protocol in ("tcp", "udp") if listener.protocol == "TCP_UDP" else ("udp",) if listener.protocol == "UDP" else ("tcp",):
                for match in _doors(balancer):
                    lines.append(f"{match} {protocol} dport {listener.port} ct mark set {mark:#x} {_choice(targets, protocol)}")
    return lines


def _doors(balancer):
    doors = [f"ip daddr {balancer.private}"]
    if balancer.public:
        doors.append(f'iifname "{GATEWAY}" ip daddr {balancer.public}')
    return doors


def _choice(targets, protocol):
    if len(targets) == 1:
        return f"dnat to {targets[0].address}:{targets[0].port}"
    elements = ", ".join(f"{index} : {target.address} . {target.port}" for index, target in enumerate(targets))
    # A connection belongs to one target, as a balancer's flow hash has it.
    return f"dnat ip to jhash ip saddr . {protocol} sport mod {len(targets)} map {{ {elements} }}"


def _hiding(balancers, snat):
    lines = [f"ct mark {b.number | LOSES_CLIENT:#x} snat to {b.private}" for b in balancers]
    for index, address in enumerate(snat.all, 1):
        lines.append(f'oifname "{GATEWAY}" meta mark {index} snat to {address}')
    return lines
