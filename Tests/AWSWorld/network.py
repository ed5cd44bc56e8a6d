"""Networks as they really are: a router namespace for each VPC, and the edge between them and the host.

    machine --- ens5 [vLINK] router of its VPC [igw] --- [eN] edge [host] --- slipaws0 on the host

A machine's packets reach nobody but the router, also within its subnet: its only neighbour is the gateway.
"""

import ipaddress

import host
import routes
import rules
from addresses import PUBLIC_RANGE

EDGE = "edge"
HOST_LINK = f"{host.PREFIX}0"
ROUTER_SETTINGS = ["net/ipv4/conf/all/rp_filter=0", "net/ipv4/conf/default/rp_filter=0", "net/ipv4/conf/all/send_redirects=0",
                   "net/ipv4/conf/default/send_redirects=0", "net/ipv4/ip_forward=1"]
# The host may begin connections, and so may a machine to another network's public address; none to the host.
EDGE_FILTER = """\
table ip world
delete table ip world
table ip world {
  chain forward {
    type filter hook forward priority 0; policy accept;
    ct state established,related accept
    oifname "host" drop
  }
}
"""


class Edge:
    """What lies between all networks and the host: routes to public addresses, and no way anywhere else."""

    def __init__(self, host_address):
        self.host_address = host_address
        network = ipaddress.ip_network(f"{host_address}/30", strict=False)
        self.address = next(str(a) for a in network.hosts() if str(a) != host_address)
        self.routes = {}

    def up(self):
        host.make_namespace(EDGE)
        host.set_in(EDGE, ROUTER_SETTINGS)
        host.run("nft", "-f", "-", text=EDGE_FILTER, namespace=EDGE)
        host.run("ip", "link", "add", HOST_LINK, "type", "veth", "peer", "name", "host", "netns", f"{host.NAMESPACES}/{EDGE}")
        host.ip_batch(EDGE, ["link set lo up", f"address add {self.address}/30 dev host", "link set host up"])
        host.ip_batch(None, [
            f"address add {self.host_address}/30 dev {HOST_LINK}", f"link set {HOST_LINK} up",
            f"route add {PUBLIC_RANGE} via {self.address} dev {HOST_LINK} src {self.host_address}"])

    def route(self, wanted):
        """`wanted`: the number of the network by public address."""
        lines = [f"route replace {public} via {routes.UPLINK} dev e{number} onlink"
                 for public, number in wanted.items() if self.routes.get(public) != number]
        lines += [f"route del {public}" for public in self.routes.keys() - wanted.keys()]
        # A route may have gone with its network.
        host.ip_batch(EDGE, lines, force=True)
        self.routes = dict(wanted)


class Router:
    """A VPC's router namespace."""

    def __init__(self, vpc, number):
        self.vpc = vpc.id
        self.number = number
        self.namespace = f"vpc{number}"
        self.routes = {}
        self.filter = None
        self.addresses = set()
        self.tables = {}
        self.links = {}
        host.make_namespace(self.namespace)
        host.set_in(self.namespace, ROUTER_SETTINGS)
        host.run("ip", "link", "add", f"e{number}", "type", "veth", "peer", "name", rules.GATEWAY, "netns",
                 f"{host.NAMESPACES}/{self.namespace}", namespace=EDGE)
        host.ip_batch(EDGE, [f"address add {routes.EDGE}/32 dev e{number}", f"link set e{number} up"])
        host.ip_batch(self.namespace, [
            "link set lo up", f"address add {routes.UPLINK}/32 dev {rules.GATEWAY}", f"link set {rules.GATEWAY} up",
            f"rule add {routes.RETURN_RULE}"])

    def remove(self):
        host.remove_namespace(self.namespace)

    def table(self, subnet):
        return self.tables.setdefault(subnet, 1000 + len(self.tables))

    def connect(self, machine, world, namespace):
        """Gives a machine's namespace its only link."""
        subnet = world.subnets[machine.subnet]
        prefix = ipaddress.ip_network(subnet.cidr).prefixlen
        host.run("ip", "link", "add", machine.link, "type", "veth", "peer", "name", "ens5", "address", machine.hardware_address, "netns",
                 f"{host.NAMESPACES}/{namespace}", namespace=self.namespace)
        host.ip_batch(self.namespace, [
            f"link set {machine.link} up",
            f"neigh replace {machine.address} lladdr {machine.hardware_address} dev {machine.link} nud permanent",
            f"rule add pref 1000 iif {machine.link} lookup {self.table(machine.subnet)}"])
        host.ip_batch(namespace, [
            "link set lo up", "link set ens5 up", f"address add {machine.address}/{prefix} dev ens5 noprefixroute",
            f"route add {subnet.gateway} dev ens5 scope link", f"route add default via {subnet.gateway} dev ens5 src {machine.address}"])
        self.links[machine.id] = machine

    def disconnect(self, identity):
        machine = self.links.pop(identity, None)
        if machine is None:
            return
        host.ip_batch(self.namespace, [
            f"rule del pref 1000 iif {machine.link} lookup {self.table(machine.subnet)}", f"link del {machine.link}"], force=True)
        # Its routes went with it, and its address may be given to another.
        self.routes = {key: how for key, how in self.routes.items() if how is None or f"dev {machine.link}" not in how}
        for side in ("-s", "-d", "-r", "-q"):
            host.run("conntrack", "-D", side, machine.address, check=False, namespace=self.namespace)

    def apply(self, world, vpc, cut, healthy):
        """Makes addresses, routes and filter those of the world. True when anything was changed."""
        changed = self._apply_addresses(world, vpc)
        wanted = routes.tables(world, vpc, {s.id: self.table(s.id) for s in world.subnets.values()}, set(self.links))
        lines = routes.change(self.routes, wanted)
        if lines:
            host.ip_batch(self.namespace, lines, force=True)
            self.routes = wanted
            changed = True
        text = rules.render(world, vpc, cut, healthy)
        if text != self.filter:
            host.run("nft", "-f", "-", text=text, namespace=self.namespace)
            self.filter = text
            changed = True
        return changed

    def _apply_addresses(self, world, vpc):
        """What the router itself answers as: gateways, the resolver, and balancers, whose health checks begin here."""
        wanted = {vpc.resolver} | {s.gateway for s in world.subnets.values() if s.vpc == vpc.id}
        wanted |= {b.private for b in world.balancers.values() if b.vpc == vpc.id}
        lines = [f"address add {address}/32 dev lo" for address in wanted - self.addresses]
        lines += [f"address del {address}/32 dev lo" for address in self.addresses - wanted]
        host.ip_batch(self.namespace, lines)
        self.addresses = wanted
        return bool(lines)

    def flush_connections(self):
        host.run("conntrack", "-F", check=False, namespace=self.namespace)
