"""moto's API as tests need it: one request at a time, counted, failing where it was asked to, and telling the truth about
machines and targets."""

import base64
import copy
import io
import json
import re
import socket
import threading
import time
import urllib.parse
from http import HTTPStatus
from xml.sax.saxutils import escape

import moto.ec2.models.amis
import moto.ec2.models.elastic_ip_addresses
import moto.ec2.models.elastic_network_interfaces
from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.core.utils import utcnow
from moto.ec2.models.instances import Instance
from moto.ec2.responses.general import General
from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

READING = re.compile(r"^(Describe|Get|List|Head|Lookup|GET|HEAD)")


class API:
    """A WSGI application. `turn` is held while moto works: who reads its memory holds it, too."""

    def __init__(self, woken):
        self.application = DomainDispatcherApplication(create_backend_app)
        self.turn = threading.RLock()
        self.woken = woken
        self.calls = []
        self.faults = []
        self.book = threading.Lock()

    def __call__(self, environ, start_response):
        # A body is read before its turn: a client that stands still holds nobody up.
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        service, operation = name(environ, body)
        fault = self._note(service, operation)
        kind = fault["kind"] if fault else None
        if kind in ("throttle", "error", "refuse"):
            return refuse(service, fault, start_response)
        with self.turn:
            heads = []
            answer = self.application(environ, lambda *head: heads.append(head))
            try:
                parts = [b"".join(answer)]
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        if not READING.match(operation):
            self.woken()
        if kind == "timeout":
            # It took effect, and nobody is told.
            time.sleep(fault.get("delay", 0))
            hang_up(environ)
            start_response("200 OK", [])
            return [b""]
        start_response(*heads[0])
        return parts

    def _note(self, service, operation):
        """Writes the call down; the fault that it meets, if any."""
        key = f"{service}:{operation}"
        with self.book:
            met = None
            for fault in self.faults:
                if fault["left"] > 0 and fits(fault["operation"], service, operation):
                    fault["skip"] -= 1
                    if fault["skip"] < 0 and met is None:
                        met = fault
                        fault["left"] -= 1
            self.calls.append({"operation": key, "time": time.time(), "fault": met["kind"] if met else None})
            return met

    def add_fault(self, wanted):
        """Call number `call` (1 is the next) of `operation` (service:Name, `mutating` or `*`) and `count` in all fail so."""
        assert wanted["kind"] in ("throttle", "error", "timeout", "refuse"), "kind is throttle, error, timeout or refuse"
        assert wanted["kind"] != "refuse" or wanted.get("code"), "a refusal has a code"
        fault = {"operation": wanted["operation"], "kind": wanted["kind"], "skip": int(wanted.get("call", 1)) - 1,
                 "left": int(wanted.get("count", 1)), "delay": float(wanted.get("delay", 0)),
                 "code": wanted.get("code"), "message": wanted.get("message", "Asked for by the test.")}
        with self.book:
            self.faults.append(fault)

    def counts(self):
        with self.book:
            found = {}
            for call in self.calls:
                found[call["operation"]] = found.get(call["operation"], 0) + 1
            return found


def fits(pattern, service, operation):
    if pattern == "*":
        return True
    if pattern == "mutating":
        return not READING.match(operation)
    return pattern.lower() == f"{service}:{operation}".lower()


def name(environ, body):
    """Service and operation of a request, as `ec2`, `RunInstances`; for REST services method and path."""
    match = re.search(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    service = match.group(1) if match else "unsigned"
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return service, target.split(".")[-1]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        action = urllib.parse.parse_qs(body.decode("utf-8", "replace")).get("Action")
        if action:
            return service, action[0]
    return service, f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}"


# By service: code and status of a throttled call, and of one that fails.
UNAVAILABLE = {
    "ec2": (("RequestLimitExceeded", 503), ("InternalError", 500)), "s3": (("SlowDown", 503), ("InternalError", 500)),
    "ssm": (("ThrottlingException", 400), ("InternalServerError", 500)),
    "kms": (("ThrottlingException", 400), ("KMSInternalException", 500)),
}
OTHERS = (("Throttling", 400), ("InternalFailure", 500))


def refuse(service, fault, start_response):
    """An error as the service words it."""
    throttled, failed = UNAVAILABLE.get(service, OTHERS)
    code, status = (fault["code"], 400) if fault["kind"] == "refuse" else throttled if fault["kind"] == "throttle" else failed
    error = f"<Error><Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(fault['message'])}</Message></Error>"
    if service in ("ssm", "kms"):
        kind, text = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": fault["message"]})
    else:
        kind = "text/xml"
        text = {"ec2": f"<Response><Errors>{error}</Errors><RequestID>0</RequestID></Response>", "s3": error}.get(
            service, f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>")
    body = text.encode()
    start_response(f"{status} {HTTPStatus(status).phrase}", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def hang_up(environ):
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class QuietHandler(MotoRequestHandler):
    def log(self, *_):
        pass


def tell_truth(addresses, health, console, is_dead):
    """Makes moto answer with what is real. Everything is a question, asked when moto answers."""
    moto.ec2.models.elastic_network_interfaces.random_public_ip = addresses.public
    moto.ec2.models.elastic_ip_addresses.random_ip = addresses.public

    def reboot(self):
        self.world_reboots = getattr(self, "world_reboots", 0) + 1

    def status(told):
        def read(self):
            answer = told.fget(self)
            if self.state == "running" and is_dead(self.id):
                return {"Details": [{"Name": "reachability", "Status": "failed"}], "Status": "impaired"}
            return answer
        return property(read)

    told_health = FakeTargetGroup.health_for

    def health_for(self, target, ec2_backend):
        answer = told_health(self, target, ec2_backend)
        if answer.status != "healthy":
            return answer
        state, reason = health.state(self.arn, target["Id"])
        texts = {"initial": "Target registration is in progress", "unhealthy": "Health checks failed",
                 "unused": "Target group is not configured to receive traffic from the load balancer"}
        return FakeHealthStatus(answer.instance_id, answer.port, answer.health_check_port, state, reason, texts.get(state))

    def get_console_output(self):
        instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        # AWS keeps the last 64 kB.
        text = base64.b64encode(console(instance.id)[-65536:]).decode("ascii")
        return ActionResult({"InstanceId": instance.id, "Timestamp": utcnow(), "Output": Base64EncodedString(text)})

    told_interfaces = Instance.prep_nics

    def prep_nics(self, nic_spec, *arguments, **more):
        """An interface that was made with its instance goes with it, unless it was told to stay."""
        keeps = {int(nic["DeviceIndex"]) for nic in nic_spec if nic.get("NetworkInterfaceId") or nic.get("DeleteOnTermination") is False}
        told_interfaces(self, nic_spec, *arguments, **more)
        for index, interface in self.nics.items():
            interface.delete_on_termination = interface.delete_on_termination or index not in keeps

    told_end = Instance.terminate

    def terminate(self):
        """What is terminated already stays so, as on AWS: its interface cannot go a second time."""
        return copy.copy(self._state) if self.state == "terminated" else told_end(self)

    Instance.terminate = terminate
    Instance.prep_nics = prep_nics
    Instance.reboot = reboot
    Instance.instance_status = status(Instance.instance_status)
    Instance.system_status = status(Instance.system_status)
    FakeTargetGroup.health_for = health_for
    General.get_console_output = get_console_output
    # Debian's own, as everybody finds them. A new region begins with all that are listed.
    moto.ec2.models.amis.AMIS.extend(debian(architecture) for architecture in ("amd64", "arm64"))


def debian(architecture):
    return {
        "ami_id": "ami-0deb12" + {"amd64": "64", "arm64": "a6"}[architecture] * 5 + "0", "name": f"debian-12-{architecture}-20261101-2280",
        "description": f"Debian 12 ({architecture})", "owner_id": "136693071363", "public": True, "virtualization_type": "hvm",
        "architecture": {"amd64": "x86_64", "arm64": "arm64"}[architecture], "state": "available", "image_type": "machine",
        "image_location": f"amazon/debian-12-{architecture}-20261101-2280", "hypervisor": "xen", "root_device_type": "ebs",
        "root_device_name": "/dev/xvda", "sriov": "simple", "creation_date": "2026-11-01T00:00:00.000Z"}
