"""Tests of the world itself: real machines, reached or not, as the API was told. Prints one line for each check."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from botocore.exceptions import BotoCoreError, ClientError
from client import World

PODS = "10.244.7.0/24"
POD = "10.244.7.1"


class Failed(Exception):
    pass


def expect(condition, sentence):
    if not condition:
        raise Failed(sentence)


def until(limit, sentence, condition):
    deadline = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        expect(time.monotonic() < deadline, f"not within {limit} s: {sentence}")
        time.sleep(0.1)


class Stage:
    """A network with a public and a private subnet, machine a in the one, b and c in the other."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        self.ec2, self.elb = world.client("ec2"), world.client("elbv2")
        ec2 = self.ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)
        self.subnets, self.tables = {}, {}
        for number, name in ((1, "public"), (2, "private")):
            subnet = ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"us-east-1{'ab'[number - 1]}")
            self.subnets[name] = subnet["Subnet"]["SubnetId"]
            self.tables[name] = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
            ec2.associate_route_table(RouteTableId=self.tables[name], SubnetId=self.subnets[name])
        ec2.create_route(RouteTableId=self.tables["public"], DestinationCidrBlock="0.0.0.0/0", GatewayId=self.gateway)
        self.groups = {
            name: ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)["GroupId"] for name in ("front", "back")}
        self.allow("front", tcp(22, cidr="10.0.0.0/8"))
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{key}"], check=True)
        with open(f"{folder}/known", "w") as file:
            file.write("machine " + self.key("host.pub"))
        images = ec2.describe_images(Owners=["136693071363"], Filters=[{"Name": "name", "Values": ["debian-12-amd64-*"]}])["Images"]
        self.image = images[0]["ImageId"]
        began = time.monotonic()
        self.ids = {}
        for name, subnet, group in (("a", "public", "front"), ("b", "private", "back"), ("c", "private", "back")):
            self.ids[name] = self.run(subnet, group, public=subnet == "public")
        world.tell("settle")
        self.addresses = {name: self.instance(name)["PrivateIpAddress"] for name in self.ids}
        for name in self.ids:
            until(60, f"{name} has done what user data says", lambda name=name: self.on(name, "test -e /run/done")["status"] == 0)
            # It answers with its own name, and writes down who asks.
            self.on(name, f"mkdir -p /srv/www && echo {name} >/srv/www/index.html")
        print(f"   three machines have booted and done their user data after {time.monotonic() - began:.1f} s", flush=True)

    def key(self, name):
        with open(f"{self.folder}/{name}") as file:
            return file.read()

    def user_data(self):
        return "#cloud-config\n" + json.dumps({
            "ssh_keys": {"ed25519_private": self.key("host"), "ed25519_public": self.key("host.pub")},
            "ssh_authorized_keys": [self.key("user.pub")], "disable_root": False,
            "write_files": [{"path": "/etc/told", "content": "by user data\n", "permissions": "0600"}],
            "runcmd": ["touch /run/done"]})

    def run(self, subnet, group, public=False, **more):
        interface = {"DeviceIndex": 0, "SubnetId": self.subnets[subnet], "Groups": [self.groups[group]], "AssociatePublicIpAddress": public}
        made = self.ec2.run_instances(
            ImageId=self.image, InstanceType="t3.small", MinCount=1, MaxCount=1, UserData=self.user_data(),
            NetworkInterfaces=[interface], **more)
        return made["Instances"][0]["InstanceId"]

    def instance(self, name):
        return self.ec2.describe_instances(InstanceIds=[self.ids[name]])["Reservations"][0]["Instances"][0]

    def on(self, name, script):
        try:
            return self.world.tell("run", machine=self.ids[name], script=script)
        except RuntimeError as error:
            # It does not run just now.
            return {"status": None, "output": "", "errors": str(error)}

    def serve(self, name, port=8080):
        """A web server in the machine; the log has its clients."""
        done = self.on(name, f"systemd-run --quiet --unit=web{port} --property=StandardError=append:/run/web.log "
                             f"python3 -m http.server --directory /srv/www {port}")
        expect(done["status"] == 0, f"no server on {name}: {done}")
        until(20, f"{name} serves", lambda: self.on(name, f"curl -sf http://127.0.0.1:{port}/")["status"] == 0)

    def silence(self, name, port=8080):
        self.on(name, f"systemctl stop web{port}")

    def gets(self, name, address, port=8080, options=""):
        return self.on(name, f"curl -sf --connect-timeout 1 --max-time 2 {options} http://{address}:{port}/")["output"].strip()

    def settle(self):
        self.world.tell("settle")

    def allow(self, group, permission, direction="ingress"):
        getattr(self.ec2, f"authorize_security_group_{direction}")(GroupId=self.groups[group], IpPermissions=[permission])

    def revoke(self, group, permission, direction="ingress"):
        getattr(self.ec2, f"revoke_security_group_{direction}")(GroupId=self.groups[group], IpPermissions=[permission])

    def ssh(self, address, command):
        return subprocess.run(
            ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=2", "-o", "StrictHostKeyChecking=yes",
             "-o", "HostKeyAlias=machine", "-o", f"UserKnownHostsFile={self.folder}/known",
             "-i", f"{self.folder}/user", f"root@{address}", command],
            capture_output=True, text=True, stdin=subprocess.DEVNULL)


def peer(permission, cidr, group):
    if cidr:
        permission["IpRanges"] = [{"CidrIp": cidr}]
    if group:
        permission["UserIdGroupPairs"] = [{"GroupId": group}]
    return permission


def tcp(first, last=None, cidr=None, group=None):
    return peer({"IpProtocol": "tcp", "FromPort": first, "ToPort": last or first}, cidr, group)


def everything(cidr="0.0.0.0/0"):
    return peer({"IpProtocol": "-1"}, cidr, None)


# ---- the checks, in this order ----------------------------------------------


def user_data_is_obeyed(stage):
    public = stage.instance("a")["PublicIpAddress"]
    expect(public.startswith("198.51.100."), f"the public address is {public}")
    done = stage.ssh(public, "cat /etc/told; hostname")
    expect(done.stdout.startswith("by user data\n"), f"ssh as root with the host key of user data: {done.stderr}{done.stdout}")
    expect(done.stdout.split()[-1] == "ip-" + stage.addresses["a"].replace(".", "-"), f"the host name is {done.stdout}")


def groups_hold_in_both_directions(stage):
    a, b = stage.addresses["a"], stage.addresses["b"]
    for name in "ab":
        stage.serve(name)
    expect(not stage.gets("a", b), "a reaches b, and no rule lets it")
    stage.allow("back", tcp(8080, group=stage.groups["front"]))
    stage.settle()
    expect(stage.gets("a", b) == "b", "a does not reach b, and a rule lets its group")
    expect(not stage.gets("b", a), "b reaches a, and no rule lets it")
    expect(not stage.gets("c", b), "c reaches b, and is in no group that may")
    expect(stage.on("a", f"ping -c 1 -W 1 {b}")["status"] != 0, "a pings b, and no rule lets it")
    stage.allow("back", peer({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1}, "10.20.1.0/24", None))
    stage.settle()
    expect(stage.on("a", f"ping -c 1 -W 2 {b}")["status"] == 0, "a does not ping b, and a rule lets its subnet")
    stage.revoke("front", everything(), "egress")
    stage.settle()
    expect(not stage.gets("a", b), "a reaches b, and no rule lets it out")
    stage.allow("front", tcp(8080, group=stage.groups["back"]), "egress")
    stage.settle()
    expect(stage.gets("a", b) == "b", "a does not reach b, and rules let it out and in")
    expect(stage.on("a", f"ping -c 1 -W 1 {b}")["status"] != 0, "a pings b, and no rule lets it out")
    stage.allow("front", everything(), "egress")
    # Within a subnet as well.
    stage.serve("c", 8081)
    expect(not stage.gets("b", stage.addresses["c"], 8081), "b reaches c in its own subnet, and no rule lets it")
    stage.allow("back", tcp(8000, 8100, cidr=f"{b}/32"))
    stage.settle()
    expect(stage.gets("b", stage.addresses["c"], 8081) == "c", "b does not reach c, and a range of ports lets it")
    stage.revoke("back", tcp(8000, 8100, cidr=f"{b}/32"))
    stage.silence("c", 8081)


def a_revoked_rule_stops_new_connections(stage):
    a, b = stage.addresses["a"], stage.addresses["b"]
    rule = tcp(7000, cidr=f"{a}/32")
    stage.allow("back", rule)
    stage.settle()
    stage.on("b", "systemd-run --quiet --unit=echo socat TCP-LISTEN:7000,fork,reuseaddr EXEC:cat")
    # What is written into the pipe comes back as a file, over one connection.
    stage.on("a", "mkfifo /run/pipe; systemd-run --quiet --unit=talk sh -c "
                  f"'exec 3<>/run/pipe; exec socat - TCP:{b}:7000 <&3 >/run/back'")

    def talks(word):
        stage.on("a", f"echo {word} >/run/pipe")
        return until(10, f"{word} comes back", lambda: word in stage.on("a", "cat /run/back")["output"])

    talks("before")
    stage.revoke("back", rule)
    stage.settle()
    talks("after")
    new = stage.on("a", f"socat -u OPEN:/dev/null TCP:{b}:7000,connect-timeout=1")
    expect(new["status"] != 0, "a new connection is made after the rule was revoked")
    stage.world.tell("flush")
    stage.on("a", "echo flushed >/run/pipe")
    time.sleep(1)
    expect("flushed" not in stage.on("a", "cat /run/back")["output"], "a connection that is tracked no more passes without a rule")
    stage.on("a", "systemctl stop talk")
    stage.on("b", "systemctl stop echo")


def pod_ranges_need_a_route_and_no_check(stage):
    b = stage.ids["b"]
    stage.on("b", f"ip addr add {POD}/32 dev lo; ip route add {PODS} dev lo")
    expect(not stage.gets("a", POD), "a reaches a pod without a route")
    stage.ec2.create_route(RouteTableId=stage.tables["public"], DestinationCidrBlock=PODS, InstanceId=b)
    stage.settle()
    expect(not stage.gets("a", POD), "a reaches a pod, and b's source/destination check is on")
    stage.allow("front", tcp(8080, cidr=PODS))
    stage.settle()
    a = stage.addresses["a"]
    expect(not stage.gets("b", a, options=f"--interface {POD}"), "a pod reaches a, and b's source/destination check is on")
    stage.ec2.modify_instance_attribute(InstanceId=b, SourceDestCheck={"Value": False})
    stage.settle()
    expect(stage.gets("a", POD) == "b", "a does not reach a pod, and the check is off")
    expect(stage.gets("b", a, options=f"--interface {POD}") == "a", "a pod does not reach a, and the check is off")
    # Another subnet has another table.
    expect(stage.on("c", f"ping -c 1 -W 1 {POD}")["status"] != 0, "c reaches a pod, and its table has no route")
    stage.ec2.delete_route(RouteTableId=stage.tables["public"], DestinationCidrBlock=PODS)
    stage.settle()
    expect(not stage.gets("a", POD), "a reaches a pod, and the route was deleted")
    stage.revoke("front", tcp(8080, cidr=PODS))


def the_host_reaches_public_addresses_that_are_let(stage):
    public = stage.instance("a")["PublicIpAddress"]
    expect(stage.ssh(public, "true").returncode == 0, "the host does not reach a, and a rule lets it")
    rule = tcp(22, cidr="10.0.0.0/8")
    stage.revoke("front", rule)
    stage.settle()
    expect(stage.ssh(public, "true").returncode != 0, "the host reaches a, and no rule lets it")
    stage.allow("front", rule)
    stage.settle()
    expect(stage.ssh(public, "true").returncode == 0, "the host does not reach a any more")
    # An address alone does not make b public: its subnet leads nowhere.
    stage.allow("back", rule)
    elastic = stage.ec2.allocate_address(Domain="vpc")
    stage.ec2.associate_address(AllocationId=elastic["AllocationId"], InstanceId=stage.ids["b"])
    stage.settle()
    expect(stage.ssh(elastic["PublicIp"], "true").returncode != 0, "the host reaches b, whose subnet has no route out")
    stage.ec2.create_route(RouteTableId=stage.tables["private"], DestinationCidrBlock="0.0.0.0/0", GatewayId=stage.gateway)
    stage.settle()
    expect(stage.ssh(elastic["PublicIp"], "true").returncode == 0, "the host does not reach b, which has an address and a route")
    stage.ec2.delete_route(RouteTableId=stage.tables["private"], DestinationCidrBlock="0.0.0.0/0")
    stage.ec2.release_address(AllocationId=elastic["AllocationId"])
    stage.revoke("back", rule)
    outside = stage.on("a", "curl -s --connect-timeout 1 http://192.0.2.2/; curl -s --connect-timeout 1 "
                            f"http://{stage.world.ready['hostAddress']}:{stage.world.ready['port']}/")
    expect(not outside["output"] and outside["status"] != 0, f"a reaches something outside: {outside}")


def a_nat_gateway_hides_who_asks(stage):
    public = stage.instance("a")["PublicIpAddress"]
    expect(not stage.gets("c", public), "c reaches a's public address without a way out")
    elastic = stage.ec2.allocate_address(Domain="vpc")
    nat = stage.ec2.create_nat_gateway(SubnetId=stage.subnets["public"], AllocationId=elastic["AllocationId"])["NatGateway"]["NatGatewayId"]
    stage.ec2.create_route(RouteTableId=stage.tables["private"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    stage.allow("front", tcp(8080, cidr=f"{elastic['PublicIp']}/32"))
    stage.settle()
    expect(stage.gets("c", public) == "a", "c does not reach a's public address through the NAT gateway")
    expect(elastic["PublicIp"] in stage.on("a", "tail -n 1 /run/web.log")["output"], "a has not seen the gateway's address")
    stage.revoke("front", tcp(8080, cidr=f"{elastic['PublicIp']}/32"))
    stage.ec2.delete_route(RouteTableId=stage.tables["private"], DestinationCidrBlock="0.0.0.0/0")
    stage.ec2.delete_nat_gateway(NatGatewayId=nat)


def a_balancer_forwards_to_healthy_targets(stage):
    elb = stage.elb
    balancer = elb.create_load_balancer(
        Name="api", Type="network", Scheme="internet-facing", Subnets=list(stage.subnets.values()))["LoadBalancers"][0]
    group = elb.create_target_group(
        Name="api", Protocol="TCP", Port=8080, VpcId=stage.vpc, HealthCheckProtocol="HTTP", HealthCheckPath="/index.html",
        HealthCheckIntervalSeconds=10, HealthyThresholdCount=2, UnhealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="TCP", Port=6443,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": stage.ids[name]} for name in "bc"])
    name = balancer["DNSName"]

    def health():
        told = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        names = {identity: name for name, identity in stage.ids.items()}
        return {names[t["Target"]["Id"]]: t["TargetHealth"]["State"] for t in told}

    def answers(count=12):
        stage.settle()
        with open(stage.world.ready["hosts"]) as file:
            address = re.search(rf"^(\S+) {re.escape(name.lower())}$", file.read(), re.M).group(1)
        asked = [subprocess.run(["curl", "-sf", "--connect-timeout", "2", f"http://{address}:6443/"], capture_output=True, text=True)
                 for _ in range(count)]
        return {done.stdout.strip() for done in asked}

    # b serves, c does not; but nothing lets the checks in.
    until(30, "both are unhealthy", lambda: set(health().values()) == {"unhealthy"})
    stage.allow("back", tcp(8080, cidr="10.0.0.0/8"))
    until(30, "b is healthy", lambda: health() == {"b": "healthy", "c": "unhealthy"})
    expect(answers() == {"b"}, f"answers come from {answers()}")
    expect(stage.world.ready["hostAddress"] in stage.on("b", "tail -n 3 /run/web.log")["output"], "b has not seen the client's address")
    stage.serve("c")
    until(30, "c is healthy", lambda: health() == {"b": "healthy", "c": "healthy"})
    expect(answers(30) == {"b", "c"}, f"answers come from {answers()}")
    seen = stage.on("a", f"getent hosts {name}")["output"].split()
    expect(seen and seen[0].startswith("198.51.100."), f"a resolves the balancer's name to {seen}")
    stage.allow("back", tcp(8080, cidr=f"{stage.instance('a')['PublicIpAddress']}/32"))
    stage.settle()
    expect(stage.gets("a", name, 6443) in ("b", "c"), "a does not reach the balancer by its name")
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": stage.ids["b"]}])
    expect(answers() == {"c"}, f"b was deregistered, and answers come from {answers()}")
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": stage.ids["b"]}])
    until(30, "b is healthy", lambda: health() == {"b": "healthy", "c": "healthy"})
    stage.silence("c")
    until(30, "c is unhealthy", lambda: health()["c"] == "unhealthy")
    expect(answers() == {"b"}, f"c is silent, and answers come from {answers()}")
    elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
    elb.delete_target_group(TargetGroupArn=group)
    stage.settle()
    with open(stage.world.ready["hosts"]) as file:
        expect(name.lower() not in file.read(), "the balancer is gone, and its name is there")


def an_internal_balancer_serves_its_network(stage):
    elb = stage.elb
    guard = stage.ec2.create_security_group(GroupName="guard", Description="guard", VpcId=stage.vpc)["GroupId"]
    stage.groups["guard"] = guard
    stage.revoke("back", tcp(8080, cidr="10.0.0.0/8"))
    stage.revoke("back", tcp(8080, group=stage.groups["front"]))
    stage.allow("back", tcp(8080, group=guard))
    balancer = elb.create_load_balancer(
        Name="inner", Type="network", Scheme="internal", Subnets=[stage.subnets["private"]], SecurityGroups=[guard])["LoadBalancers"][0]
    group = elb.create_target_group(
        Name="inner", Protocol="TCP", Port=8080, VpcId=stage.vpc, HealthCheckProtocol="TCP", HealthCheckIntervalSeconds=10,
        TargetType="ip")["TargetGroups"][0]["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="TCP", Port=443,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": stage.addresses["b"]}])
    told = lambda: elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"][0]["TargetHealth"]["State"]
    until(30, "b is healthy", lambda: told() == "healthy")
    stage.settle()
    name = balancer["DNSName"]
    expect(not stage.gets("a", name, 443), "a reaches the balancer, and its group lets nobody in")
    stage.allow("guard", tcp(443, group=stage.groups["front"]))
    stage.settle()
    expect(stage.gets("a", name, 443) == "b", "a does not reach the balancer, and its group lets a's in")
    address = stage.on("a", f"getent hosts {name}")["output"].split()[0]
    expect(address.startswith("10.20.2."), f"the internal balancer has {address}")
    expect(address in stage.on("b", "tail -n 1 /run/web.log")["output"], "b has seen another client than the balancer")
    elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
    elb.delete_target_group(TargetGroupArn=group)
    stage.revoke("back", tcp(8080, group=guard))


def names_of_hosted_zones_resolve(stage):
    zones = stage.world.client("route53")
    zone = zones.create_hosted_zone(
        Name="inside.example", CallerReference="1", HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCRegion": "us-east-1", "VPCId": stage.vpc})["HostedZone"]["Id"]
    zones.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {
        "Name": "api.inside.example", "Type": "A", "TTL": 1, "ResourceRecords": [{"Value": stage.addresses["b"]}]}}]})
    stage.settle()
    found = stage.on("a", "getent hosts api.inside.example; getent hosts nothing.example")
    expect(found["output"].split()[0] == stage.addresses["b"] and found["status"] != 0, f"a resolves: {found}")
    with open(stage.world.ready["hosts"]) as file:
        expect("inside.example" not in file.read(), "the host knows a name of a private zone")


def links_are_cut_and_mended(stage):
    a = stage.instance("a")["PublicIpAddress"]
    stage.world.tell("cut", machine=stage.ids["a"])
    expect(stage.ssh(a, "true").returncode != 0, "the host reaches a through a link that is cut")
    stage.world.tell("mend", machine=stage.ids["a"])
    expect(stage.ssh(a, "true").returncode == 0, "the host does not reach a through a mended link")
    seen = stage.world.tell("inspect", machine=stage.ids["a"])
    expect("dport 22 accept" in seen["ruleset"], f"the filter says {seen['ruleset']}")


def stop_start_reboot_and_power_off(stage):
    c = stage.ids["c"]
    real = lambda: stage.world.ask("machines")[c]["real"]
    boot = lambda: stage.on("c", "stat -c %y /proc/1")["output"]
    another = lambda old: (now := boot()) and now != old and stage.on("c", "systemctl is-active ssh")["status"] == 0
    stage.on("c", "echo kept >/root/note; sync")
    stage.ec2.stop_instances(InstanceIds=[c])
    until(40, "c is stopped", lambda: real() == "stopped")
    stage.ec2.start_instances(InstanceIds=[c])
    until(40, "c runs", lambda: real() == "running")
    expect(stage.on("c", "cat /root/note")["output"] == "kept\n", "the disk was not kept")
    first = boot()
    stage.ec2.reboot_instances(InstanceIds=[c])
    until(40, "c is another boot", lambda: another(first))
    expect(stage.on("c", "cat /root/note")["output"] == "kept\n", "the disk was not kept")
    second = boot()
    stage.on("c", "systemctl reboot")
    until(40, "c has rebooted itself", lambda: another(second))
    stage.on("c", "systemctl poweroff")
    until(40, "the API says that c is stopped", lambda: stage.instance("c")["State"]["Name"] == "stopped")
    stage.ec2.start_instances(InstanceIds=[c])
    until(40, "c runs", lambda: real() == "running")
    console = stage.ec2.get_console_output(InstanceId=c)["Output"]
    expect("cloud-init" in console, f"the console is {console[-300:]}")


def a_machine_that_dies_is_impaired(stage):
    c = stage.ids["c"]
    stage.world.tell("kill", machine=c)
    expect(stage.instance("c")["State"]["Name"] == "running", "the API knows that c has died")
    status = stage.ec2.describe_instance_status(InstanceIds=[c])["InstanceStatuses"][0]["InstanceStatus"]["Status"]
    expect(status == "impaired", f"c's status is {status}")
    stage.ec2.stop_instances(InstanceIds=[c])
    stage.settle()
    stage.ec2.start_instances(InstanceIds=[c])
    stage.settle()
    expect(stage.on("c", "cat /root/note")["output"] == "kept\n", "the disk was not kept")
    folder = stage.world.ask("machines")[c]["folder"]
    interface = stage.instance("c")["NetworkInterfaces"][0]["NetworkInterfaceId"]
    stage.ec2.terminate_instances(InstanceIds=[c])
    stage.settle()
    code = refusal(lambda: stage.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface]))
    expect(code == "InvalidNetworkInterfaceID.NotFound", f"c is terminated, and its interface is there ({code})")
    expect(not os.path.exists(folder), "c is terminated, and its disk is there")
    expect(not any(f"slipaws-{c}" in name for _, names, _ in os.walk("/sys/fs/cgroup") for name in names), "c's cgroups are there")


def calls_fail_where_they_were_asked_to(stage):
    world, ec2 = stage.world, stage.ec2
    before = world.ask("calls").get("ec2:DescribeVpcs", 0)
    world.tell("fault", operation="ec2:DescribeVpcs", kind="throttle", call=2)
    ec2.describe_vpcs()
    code = refusal(ec2.describe_vpcs)
    expect(code == "RequestLimitExceeded", f"the second call says {code}")
    ec2.describe_vpcs()
    expect(world.ask("calls")["ec2:DescribeVpcs"] == before + 3, "calls are miscounted")
    world.tell("fault", operation="ec2:CreateTags", kind="error")
    code = refusal(lambda: ec2.create_tags(Resources=[stage.vpc], Tags=[{"Key": "first", "Value": "1"}]))
    expect(code == "InternalError", f"the call says {code}")
    world.tell("fault", operation="mutating", kind="timeout")
    code = refusal(lambda: ec2.create_tags(Resources=[stage.vpc], Tags=[{"Key": "second", "Value": "2"}]))
    expect(code == "no answer", f"the call that takes effect says {code}")
    tags = {tag["Key"] for tag in ec2.describe_vpcs(VpcIds=[stage.vpc])["Vpcs"][0].get("Tags", [])}
    expect(tags == {"second"}, f"the tags are {tags}")
    elb = stage.elb
    world.tell("fault", operation="elasticloadbalancing:DescribeLoadBalancers", kind="throttle")
    code = refusal(elb.describe_load_balancers)
    expect(code == "Throttling", f"the balancers' API says {code}")


def dependencies_and_tokens_are_as_on_aws(stage):
    ec2, world = stage.ec2, stage.world
    for what, call in {
        "a subnet with a machine": lambda: ec2.delete_subnet(SubnetId=stage.subnets["public"]),
        "a group of a machine": lambda: ec2.delete_security_group(GroupId=stage.groups["front"]),
        "a gateway of public addresses": lambda: ec2.detach_internet_gateway(InternetGatewayId=stage.gateway, VpcId=stage.vpc),
        "a network with subnets": lambda: ec2.delete_vpc(VpcId=stage.vpc),
    }.items():
        code = refusal(call)
        expect(code == "DependencyViolation", f"{what}: {code}")
    twice = [stage.run("private", "back", ClientToken="once") for _ in range(2)]
    expect(twice[0] == twice[1], f"one token made {twice}")
    ec2.create_route(RouteTableId=stage.tables["private"], DestinationCidrBlock=PODS, InstanceId=twice[0])
    ec2.terminate_instances(InstanceIds=twice[:1])
    routes = ec2.describe_route_tables(RouteTableIds=[stage.tables["private"]])["RouteTables"][0]["Routes"]
    states = {route["DestinationCidrBlock"]: route["State"] for route in routes}
    expect(states[PODS] == "blackhole", f"a route to a machine that is gone: {states}")
    ec2.delete_route(RouteTableId=stage.tables["private"], DestinationCidrBlock=PODS)
    world.tell("fault", operation="ec2:RunInstances", kind="refuse", code="InvalidParameterValue",
               message="Invalid IAM Instance Profile name")
    code = refusal(lambda: stage.run("private", "back"))
    expect(code == "InvalidParameterValue", f"the refused call says {code}")


def a_network_is_taken_down_in_order(stage):
    ec2, world = stage.ec2, stage.world
    ec2.terminate_instances(InstanceIds=list(stage.ids.values()))
    for subnet in stage.subnets.values():
        ec2.delete_subnet(SubnetId=subnet)
    for name in ("guard", "back", "front"):
        for group in ec2.describe_security_groups(GroupIds=[stage.groups[name]])["SecurityGroups"]:
            if group["IpPermissions"]:
                ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
            if group["IpPermissionsEgress"]:
                ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    for group in stage.groups.values():
        ec2.delete_security_group(GroupId=group)
    for table in stage.tables.values():
        for association in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"]:
            ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
        ec2.delete_route_table(RouteTableId=table)
    ec2.detach_internet_gateway(InternetGatewayId=stage.gateway, VpcId=stage.vpc)
    ec2.delete_vpc(VpcId=stage.vpc)
    stage.settle()
    left = [identity for identity, machine in world.ask("machines").items() if machine["real"] != "none"]
    expect(not left, f"these machines are there: {left}")


def refusal(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    except BotoCoreError:
        return "no answer"
    return None


CHECKS = [
    user_data_is_obeyed, groups_hold_in_both_directions, a_revoked_rule_stops_new_connections, pod_ranges_need_a_route_and_no_check,
    the_host_reaches_public_addresses_that_are_let, a_nat_gateway_hides_who_asks, a_balancer_forwards_to_healthy_targets,
    an_internal_balancer_serves_its_network, names_of_hosted_zones_resolve, links_are_cut_and_mended, stop_start_reboot_and_power_off,
    a_machine_that_dies_is_impaired, calls_fail_where_they_were_asked_to,
    dependencies_and_tokens_are_as_on_aws, a_network_is_taken_down_in_order]


def main():
    checks = [check for check in CHECKS if not sys.argv[1:] or check.__name__ in sys.argv[1:]]
    folder = tempfile.mkdtemp(prefix="slipaws-test-")
    failures = 0
    try:
        with World() as world:
            stage = Stage(world, folder)
            for check in checks:
                began = time.monotonic()
                name = check.__name__.replace("_", " ")
                try:
                    check(stage)
                    print(f"ok {name} ({time.monotonic() - began:.1f} s)", flush=True)
                except (Failed, RuntimeError, ClientError, OSError) as error:
                    failures += 1
                    print(f"FAILED {name}: {error}", flush=True)
            for problem in world.ask("problems"):
                failures += 1
                print(f"FAILED, the world has a problem: {problem}", flush=True)
    finally:
        shutil.rmtree(folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
