"""Hosted zones of an account of AWS, and what others keep in them: for tests.

    zones.py ENDPOINT make NAME [private]        prints the zone's id
    zones.py ENDPOINT put ZONE NAME TYPE VALUE   makes a record
    zones.py ENDPOINT list                       all records but those that every zone has
"""

import sys
import uuid

import boto3


def main(endpoint, verb, *rest):
    zones = boto3.client(
        "route53", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    if verb == "make":
        more = {"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-1"}} if rest[1:] == ("private",) else {}
        made = zones.create_hosted_zone(
            Name=rest[0], CallerReference=str(uuid.uuid4()), HostedZoneConfig={"PrivateZone": bool(more)}, **more)
        print(made["HostedZone"]["Id"].split("/")[-1])
    elif verb == "put":
        zone, name, type_, value = rest
        record = {"Name": name, "Type": type_, "TTL": 60, "ResourceRecords": [{"Value": value}]}
        zones.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]})
    else:
        for zone in sorted(zones.list_hosted_zones()["HostedZones"], key=lambda zone: zone["Id"]):
            for record in zones.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]:
                if record["Type"] in ("NS", "SOA"):
                    continue
                values = [value["Value"] for value in record.get("ResourceRecords", [])]
                target = record.get("AliasTarget", {}).get("DNSName")
                print(zone["Id"].split("/")[-1], record["Name"], record["Type"], target or ",".join(values))


main(*sys.argv[1:])
