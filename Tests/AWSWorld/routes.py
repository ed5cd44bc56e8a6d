"""The routing tables of a network's router. Pure: the same world gives the same routes."""

from rules import GATEWAY, RETURNS

RETURN_TABLE = 90
RETURN_RULE = f"pref 900 fwmark {RETURNS:#x}/{RETURNS:#x} lookup {RETURN_TABLE}"
# The far end of the link to the edge of all networks.
EDGE = "169.254.0.1"
UPLINK = "169.254.0.2"


def tables(world, vpc, numbers, up):
    """Routes by table and destination. `numbers`: the table of each subnet; `up`: machines that have a link."""
    # The address of one that is terminated can be another's already.
    machines = [m for m in world.machines.values() if m.vpc == vpc.id and m.id in up and m.state != "terminated"]
    local = {f"{m.address}/32": f"dev {m.link}" for m in machines}
    # What no machine has is nowhere, and not outside either.
    local.update({cidr: None for cidr in vpc.cidrs})
    found = {("main", destination): how for destination, how in local.items()}
    outside = f"via {EDGE} dev {GATEWAY} onlink" if vpc.has_gateway else None
    for subnet in world.subnets.values():
        if subnet.vpc != vpc.id:
            continue
        table = numbers[subnet.id]
        routes = {"0.0.0.0/0": None}
        for route in subnet.routes:
            routes[route.destination] = _how(world, route, outside, up)
        routes.update(local)
        found.update({(table, destination): how for destination, how in routes.items()})
    # A balancer's answers take the way that they came.
    found[(RETURN_TABLE, "0.0.0.0/0")] = outside
    found.update({(RETURN_TABLE, destination): how for destination, how in local.items()})
    return found


def _how(world, route, outside, up):
    if route.kind in ("igw", "nat"):
        return outside
    if route.kind == "machine" and route.target in up and route.target in world.machines:
        machine = world.machines[route.target]
        return f"via {machine.address} dev {machine.link} onlink"
    return None


def change(old, new):
    """What ip(8) is told to make the old routes the new ones."""
    lines = []
    for (table, destination), how in new.items():
        if (table, destination) not in old or old[(table, destination)] != how:
            lines.append(f"route replace {_text(destination, how)} table {table}")
    for table, destination in old.keys() - new.keys():
        lines.append(f"route del {_text(destination, old[(table, destination)])} table {table}")
    return lines


def _text(destination, how):
    return f"blackhole {destination}" if how is None else f"{destination} {how}"
