"""Addresses that the world gives: public ones of 198.51.100.0/24, and those of balancers."""

import ipaddress

from desired import backends
from moto.ec2.models import ec2_backends

PUBLIC_RANGE = ipaddress.ip_network("198.51.100.0/24")


class Addresses:
    def __init__(self):
        self.next = 0
        self.balancers = {}
        self.numbers = {}

    def number(self, arn):
        """A small number of the balancer's own, never used for another."""
        return self.numbers.setdefault(arn, len(self.numbers) + 1)

    def public(self):
        """A public address that nobody has. Those that were given back are used again as late as possible."""
        taken = self._taken()
        hosts = list(PUBLIC_RANGE.hosts())
        for offset in range(len(hosts)):
            address = str(hosts[(self.next + offset) % len(hosts)])
            if address not in taken:
                self.next += offset + 1
                return address
        raise RuntimeError("all public addresses are in use")

    def _taken(self):
        taken = {public for _, _, public in self.balancers.values() if public}
        for backend in backends(ec2_backends):
            taken.update(address.public_ip for address in backend.addresses)
            taken.update(interface.public_ip for interface in backend.enis.values() if interface.public_ip)
            taken.update(nic.public_ip for instance in backend.all_instances() for nic in instance.nics.values() if nic.public_ip)
        return taken

    def of_balancer(self, balancer):
        """Its private and its public address; the latter is None for an internal one."""
        if balancer.arn not in self.balancers:
            subnet = balancer.subnets[0]
            # The network knows then that it is in use.
            private = subnet.get_available_subnet_ip(balancer)
            public = self.public() if balancer.scheme == "internet-facing" else None
            self.balancers[balancer.arn] = (subnet, private, public)
        _, private, public = self.balancers[balancer.arn]
        return private, public

    def forget(self, arns):
        """Gives back the addresses of balancers that are not among these."""
        for arn in set(self.balancers) - set(arns):
            subnet, private, _ = self.balancers.pop(arn)
            subnet.del_subnet_ip(private)
