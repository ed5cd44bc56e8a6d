"""Health checks of targets, sent as packets from the balancer's own address, which security groups let through or not."""

import re
import socket
import ssl
import threading
import time

import host


class Health:
    """The state of every target, as the API tells it, and the targets that get new connections.

    `scale`: how much faster than told the checks come.
    """

    def __init__(self, scale, changed):
        self.scale = scale
        self.changed = changed
        self.lock = threading.Lock()
        self.probes = {}
        # Balancers' networks and addresses by target group.
        self.sources = {}

    def update(self, world, namespaces):
        """Probes what is a target of a balancer now, and nothing else."""
        sources = {}
        for balancer in world.balancers.values():
            for listener in balancer.listeners:
                if listener.target_group in world.target_groups and balancer.vpc in namespaces:
                    sources[listener.target_group] = (namespaces[balancer.vpc], balancer.private)
        wanted = {}
        for arn, source in sources.items():
            group = world.target_groups[arn]
            for target in group.targets:
                if target.address:
                    wanted[(target, group.check, source)] = None
        with self.lock:
            for key in self.probes.keys() - wanted.keys():
                self.probes.pop(key).ended.set()
            for key in wanted.keys() - self.probes.keys():
                self.probes[key] = Probe(*key, self.scale, self.changed)
            self.sources = sources

    def healthy(self, world):
        """Targets by target group. When none of a group is healthy, and none is new, all are: a balancer fails open."""
        found = {}
        with self.lock:
            for (target, _, _), probe in self.probes.items():
                found.setdefault(target.group, []).append((target, probe.state))
        chosen = {}
        for arn, states in found.items():
            healthy = [target for target, state in states if state == "healthy"]
            if not healthy and all(state == "unhealthy" for _, state in states):
                healthy = [target for target, _ in states]
            chosen[arn] = tuple(sorted(healthy, key=repr))
        return chosen

    def state(self, group, identity):
        """State and reason of a registered target whose instance runs."""
        with self.lock:
            if group not in self.sources:
                return "unused", "Target.NotInUse"
            for (target, _, _), probe in self.probes.items():
                if target.group == group and target.id == identity:
                    reasons = {"initial": "Elb.RegistrationInProgress", "unhealthy": "Target.FailedHealthChecks"}
                    return probe.state, reasons.get(probe.state)
        return "initial", "Elb.RegistrationInProgress"

    def log(self):
        with self.lock:
            return [{"group": t.group, "target": t.id, "address": t.address, "port": t.port, "state": p.state, "last": p.last}
                    for (t, _, _), p in self.probes.items()]

    def close(self):
        with self.lock:
            for probe in self.probes.values():
                probe.ended.set()


class Probe:
    """Checks one target again and again, in a thread of its own."""

    def __init__(self, target, check, source, scale, changed):
        self.target, self.check, self.changed = target, check, changed
        self.namespace, self.source = source
        self.interval = max(check.interval / scale, 0.2)
        self.timeout = max(check.timeout / scale, 1)
        self.state = "initial"
        self.last = None
        self.ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        passed = failed = 0
        while not self.ended.is_set():
            began = time.monotonic()
            try:
                self._ask()
                passed, failed, self.last = passed + 1, 0, "passed"
            except (OSError, ValueError, host.Failure) as error:
                passed, failed, self.last = 0, failed + 1, str(error)
            state = self.state
            if passed >= self.check.healthy or state == "initial" and passed:
                # The first check that passes is enough for a new target.
                state = "healthy"
            elif failed >= self.check.unhealthy:
                state = "unhealthy"
            if state != self.state and not self.ended.is_set():
                self.state = state
                self.changed()
            self.ended.wait(max(self.interval - (time.monotonic() - began), 0))

    def _ask(self):
        port = self.target.port if self.check.port == "traffic-port" else int(self.check.port)
        connection = host.in_namespace(self.namespace, lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        with connection:
            connection.settimeout(self.timeout)
            connection.bind((self.source, 0))
            connection.connect((self.target.address, port))
            if self.check.protocol in ("TCP", "TLS", "UDP", "TCP_UDP"):
                return
            if self.check.protocol == "HTTPS":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                # A balancer does not verify its targets.
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                with context.wrap_socket(connection) as secure:
                    return self._get(secure)
            self._get(connection)

    def _get(self, connection):
        connection.sendall(f"GET {self.check.path} HTTP/1.1\r\nHost: {self.target.address}\r\nConnection: close\r\n"
                           "User-Agent: ELB-HealthChecker/2.0\r\n\r\n".encode())
        answer = b""
        while b"\r\n" not in answer:
            part = connection.recv(4096)
            if not part:
                raise ValueError("no answer")
            answer += part
        match = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
        if not match or not _matches(int(match.group(1)), self.check.codes):
            raise ValueError(f"the answer is {answer.splitlines()[0][:60]!r}")


def _matches(code, codes):
    for part in codes.split(","):
        first, _, last = part.partition("-")
        if int(first) <= code <= int(last or first):
            return True
    return False
