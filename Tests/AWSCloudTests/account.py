"""Lists what an account of AWS holds, as JSON with sorted keys: an independent reader for tests. What is terminated but
still shown is left out, and the account's own default network is what it is.

    account.py ENDPOINT
"""

import json
import sys

import boto3


def client(name):
    return boto3.client(
        name, endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


def main():
    ec2, elb, iam = client("ec2"), client("elbv2"), client("iam")
    instances = [i for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]
    routes = [
        (t["RouteTableId"], r.get("DestinationCidrBlock"), r.get("GatewayId"), r.get("InstanceId"), r.get("NatGatewayId"))
        for t in ec2.describe_route_tables()["RouteTables"] for r in t["Routes"]]
    rules = [
        (g["GroupId"], g["GroupName"], json.dumps(g["IpPermissions"], sort_keys=True), json.dumps(g["IpPermissionsEgress"], sort_keys=True))
        for g in ec2.describe_security_groups()["SecurityGroups"]]
    listing = {
        "vpcs": [v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"]],
        "subnets": [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]],
        "gateways": [g["InternetGatewayId"] for g in ec2.describe_internet_gateways()["InternetGateways"]],
        "routes": routes, "groups": rules,
        "instances": [i["InstanceId"] for i in instances if i["State"]["Name"] != "terminated"],
        "interfaces": [n["NetworkInterfaceId"] for n in ec2.describe_network_interfaces()["NetworkInterfaces"]],
        "volumes": [v["VolumeId"] for v in ec2.describe_volumes()["Volumes"]],
        "addresses": [a["PublicIp"] for a in ec2.describe_addresses()["Addresses"]],
        "nats": [n["NatGatewayId"] for n in ec2.describe_nat_gateways()["NatGateways"] if n["State"] != "deleted"],
        "keys": [k["KeyName"] for k in ec2.describe_key_pairs()["KeyPairs"]],
        "balancers": [b["LoadBalancerName"] for b in elb.describe_load_balancers()["LoadBalancers"]],
        "targets": [t["TargetGroupName"] for t in elb.describe_target_groups()["TargetGroups"]],
        "roles": [r["RoleName"] for r in iam.list_roles()["Roles"]],
        "profiles": [p["InstanceProfileName"] for p in iam.list_instance_profiles()["InstanceProfiles"]],
    }
    print(json.dumps({key: sorted(map(str, value)) for key, value in listing.items()}, sort_keys=True, indent=1))


main()
