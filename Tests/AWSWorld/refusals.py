"""What AWS refuses, or does once only, and moto does not: in a program that is right with moto alone, these are the bugs."""

import os
import sys
import time

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import Route
from moto.elbv2.models import ELBv2Backend, elbv2_backends

sys.path.append(os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "scripts"))
import moto_nat_gateways  # noqa: E402

# Seconds for which the interfaces of a balancer that was deleted are still there. On AWS it is minutes, at times.
LINGER = 2


def enforce():
    """Patches moto's classes. Once, before the first request."""
    moto_nat_gateways.mend()
    told = {name: getattr(EC2Backend, name) for name in (
        "delete_subnet", "delete_security_group", "detach_internet_gateway", "delete_vpc", "run_instances")}
    leaving = {}

    def delete_subnet(self, subnet_id):
        refuse(subnet_id, users_of_subnet(self, subnet_id, leaving))
        return told["delete_subnet"](self, subnet_id)

    def delete_security_group(self, name=None, group_id=None):
        if group_id:
            refuse(group_id, users_of_group(self, group_id))
        return told["delete_security_group"](self, name, group_id)

    def detach_internet_gateway(self, internet_gateway_id, vpc_id):
        subnets = {s.id for zone in self.subnets.values() for s in zone.values() if s.vpc_id == vpc_id}
        public = [i.id for i in self.enis.values() if i.vpc_id == vpc_id and i.public_ip and is_used(i)]
        public += [b.name for b in balancers(self) if b.vpc_id == vpc_id and b.scheme == "internet-facing"]
        public += [name for until, name, gone in leaving.values() if until > time.monotonic() and subnets & gone]
        refuse(f"the addresses of {vpc_id}", public)
        return told["detach_internet_gateway"](self, internet_gateway_id, vpc_id)

    def delete_vpc(self, vpc_id):
        left = [g.id for g in self.internet_gateways.values() if g.vpc and g.vpc.id == vpc_id]
        left += [g.id for g in self.groups.get(vpc_id, {}).values() if g.name != "default"]
        refuse(vpc_id, left)
        return told["delete_vpc"](self, vpc_id)

    def run_instances(self, image_id, count, user_data, security_group_names, **more):
        """Asked again under the same token, AWS answers with what it made the first time."""
        token, made = more.get("client_token"), self.__dict__.setdefault("world_made", {})
        # moto's own default, for a request without one.
        if token in (None, "ABCDE"):
            return told["run_instances"](self, image_id, count, user_data, security_group_names, **more)
        if token not in made:
            made[token] = told["run_instances"](self, image_id, count, user_data, security_group_names, **more)
        return made[token]

    told_delete = ELBv2Backend.delete_load_balancer

    def delete_load_balancer(self, arn):
        balancer = self.load_balancers.get(arn)
        told_delete(self, arn)
        if balancer:
            leaving[arn] = (time.monotonic() + LINGER, balancer.name, {subnet.id for subnet in balancer.subnets})

    for function in (delete_subnet, delete_security_group, detach_internet_gateway, delete_vpc, run_instances):
        setattr(EC2Backend, function.__name__, function)
    ELBv2Backend.delete_load_balancer = delete_load_balancer
    Route.state = property(route_state)


def refuse(what, users):
    if users:
        raise DependencyViolationError(f"{what} has dependencies and cannot be deleted: {', '.join(sorted(users))}")


def balancers(backend):
    return list(elbv2_backends[backend.account_id][backend.region_name].load_balancers.values())


def is_used(interface):
    return interface.instance is None or interface.instance.state != "terminated"


def users_of_subnet(backend, subnet, leaving):
    users = [i.id for i in backend.enis.values() if i.subnet.id == subnet and is_used(i)]
    users += [b.name for b in balancers(backend) if subnet in {s.id for s in b.subnets}]
    return users + [name for until, name, gone in leaving.values() if until > time.monotonic() and subnet in gone]


def users_of_group(backend, group):
    users = [i.id for i in backend.enis.values() if is_used(i) and group in {g.id for g in i.group_set}]
    users += [b.name for b in balancers(backend) if group in (b.security_groups or ())]
    for groups in backend.groups.values():
        for other in groups.values():
            rules = [*other.ingress_rules, *other.egress_rules]
            if other.id != group and any(rule.source_group.get("GroupId") == group for rule in rules):
                users.append(other.id)
    return users


def route_state(route):
    """A route whose target is gone is a blackhole."""
    instance = route.instance or (route.interface.instance if route.interface else None)
    gone = route.instance is not None and instance.state == "terminated" or route.interface is not None and (
        instance is None or instance.state == "terminated")
    if route.gateway is not None and route.gateway.id.startswith("igw-"):
        gone = route.gateway.vpc is None
    if route.nat_gateway is not None:
        gone = route.nat_gateway.state != "available"
    return "blackhole" if gone else "active"
