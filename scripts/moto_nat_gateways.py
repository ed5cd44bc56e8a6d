"""NAT gateways as AWS has them and moto has not: one that is deleted lets go of its address and its interface, and a list of
them that is filtered by tags holds no others."""

from moto.ec2.models import EC2Backend


def mend():
    """Patches moto's class. Once, before the first request."""
    told_delete, told_describe = EC2Backend.delete_nat_gateway, EC2Backend.describe_nat_gateways

    def delete_nat_gateway(self, nat_gateway_id):
        gateway = self.nat_gateways.get(nat_gateway_id)
        if gateway is not None and gateway.state != "deleted":
            for address in self.addresses:
                if address.eni is gateway._eni:
                    self.disassociate_address(address=address.public_ip)
            self.enis.pop(gateway._eni.id, None)
        return told_delete(self, nat_gateway_id)

    def describe_nat_gateways(self, filters, nat_gateway_ids):
        wanted = {key.removeprefix("tag:"): values for key, values in (filters or {}).items() if key.startswith("tag:")}
        found = told_describe(self, filters, nat_gateway_ids)
        return [g for g in found if all(tags(g).get(key) in values for key, values in wanted.items())]

    EC2Backend.delete_nat_gateway = delete_nat_gateway
    EC2Backend.describe_nat_gateways = describe_nat_gateways


def tags(gateway):
    return {tag["key"]: tag["value"] for tag in gateway.get_tags()}
