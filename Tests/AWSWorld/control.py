"""What tests do behind the API's back, over HTTP: GET to ask, POST with a JSON object to act."""

import json
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import host


def serve(world, api):
    """Serves in threads of its own and gives the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self._answer({})

        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            self._answer(json.loads(self.rfile.read(length) or b"{}"))

        def _answer(self, body):
            verb = COMMANDS.get((self.command, self.path))
            try:
                if verb is None:
                    status, answer = 404, {"error": f"there is no {self.command} {self.path}", "commands": sorted(map(" ".join, COMMANDS))}
                else:
                    status, answer = 200, verb(world, api, body)
            except (KeyError, AssertionError, ValueError, host.Failure, OSError) as error:
                status, answer = 400, {"error": f"{type(error).__name__}: {error}"}
            except Exception:  # noqa: BLE001
                status, answer = 500, {"error": traceback.format_exc()}
            data = json.dumps(answer if answer is not None else {}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def machines(world, api, body):
    found = {}
    for identity, machine in world.told.machines.items():
        real = world.machines.get(identity)
        found[identity] = {
            "told": machine.state, "real": real.state if real else "none", "address": machine.address, "public": machine.public,
            "link": machine.link, "vpc": machine.vpc, "cut": identity in world.cut, "failure": real.failure if real else None,
            "folder": real.folder if real else None, "console": real.console if real else None, "cgroup": real.cgroup if real else None}
    return found


def settle(world, api, body):
    """Waits until the world is as the API was told."""
    settled = world.settle(float(body.get("limit", 60)))
    failures = [f"{m.id}: {m.failure}" for m in world.machines.values() if m.failure]
    assert settled and not failures, "\n".join(failures + world.problems[-3:]) or "it does not come to rest"
    return {"problems": world.problems}


def _real(world, body):
    real = world.machines.get(body["machine"])
    assert real, f"there is no machine {body['machine']}"
    return real


def kill(world, api, body):
    """A machine dies. The API goes on to call its instance running; its status checks fail."""
    real = _real(world, body)
    leader = real.leader
    assert leader, f"{real.id} does not run"
    host.kill(leader)
    world.wake()
    while real.state == "running":
        with world.settled:
            world.settled.wait(0.1)


def execute(world, api, body):
    return _real(world, body).run(body["script"], float(body.get("limit", 60)))


def cut(world, api, body):
    world.cut.add(_real(world, body).id)
    return settle(world, api, {})


def mend(world, api, body):
    world.cut.discard(_real(world, body).id)
    return settle(world, api, {})


def flush(world, api, body):
    for router in list(world.routers.values()):
        router.flush_connections()


def _router(world, body):
    machine = world.told.machines[body["machine"]]
    return machine, world.routers[machine.vpc]


def inspect(world, api, body):
    """What the router of a machine's network has: its filter's rules, routes, and connections."""
    machine, router = _router(world, body)
    link = machine.link
    chains = [host.run("nft", "list", "chain", "ip", "world", f"{way}_{link}", namespace=router.namespace) for way in ("in", "out")]
    return {
        "link": link, "chains": chains,
        "ruleset": host.run("nft", "list", "ruleset", namespace=router.namespace),
        "rules": host.run("ip", "rule", namespace=router.namespace),
        "routes": host.run("ip", "route", "show", "table", str(router.table(machine.subnet)), namespace=router.namespace),
        "connections": host.run("conntrack", "-L", check=False, namespace=router.namespace)}


def targets(world, api, body):
    return {"probes": world.health.log(),
            "forwarding": {arn: [t.id for t in chosen] for arn, chosen in world.health.healthy(world.told).items()}}


COMMANDS = {
    ("GET", "/machines"): machines,
    ("GET", "/calls"): lambda world, api, body: api.counts(),
    ("GET", "/log"): lambda world, api, body: list(api.calls),
    ("GET", "/targets"): targets,
    ("GET", "/problems"): lambda world, api, body: list(world.problems),
    ("POST", "/settle"): settle,
    ("POST", "/kill"): kill,
    ("POST", "/run"): execute,
    ("POST", "/cut"): cut,
    ("POST", "/mend"): mend,
    ("POST", "/flush"): flush,
    ("POST", "/inspect"): inspect,
    ("POST", "/fault"): lambda world, api, body: api.add_fault(body),
    ("POST", "/nofault"): lambda world, api, body: api.faults.clear(),
}
