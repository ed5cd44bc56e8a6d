"""The loop that brings the world to what the API was told, again and again, whatever was told or happened meanwhile."""

import os
import sys
import threading
import time
import traceback

import desired
import host
from addresses import Addresses
from health import Health
from machine import REBOOT_STATUS, RealMachine
from names import HostsFile, Resolver
from network import Edge, Router

PAUSE = 0.3


class RealWorld:
    def __init__(self, image, host_address, scale):
        self.image = image
        self.addresses = Addresses()
        self.edge = Edge(host_address)
        self.health = Health(scale, self.wake)
        self.hosts = HostsFile(f"{host.FOLDER}/hosts")
        self.told = desired.World()
        self.machines = {}
        self.routers = {}
        self.resolvers = {}
        self.networks_made = 0
        # Ids of machines whose link a test has cut.
        self.cut = set()
        self.problems = []
        self.passes = 0
        self.settled = threading.Condition()
        self._wakes = 0
        self._woken = threading.Event()
        self._ended = threading.Event()

    # ---- from other threads

    def wake(self):
        with self.settled:
            self._wakes += 1
        self._woken.set()

    def settle(self, limit=60):
        """Waits until the loop has seen all that was told before, machines that start or stop are done, and the last pass
        found nothing to do."""
        deadline = time.monotonic() + limit
        self.wake()
        with self.settled:
            wanted = self.passes + 2
        while time.monotonic() < deadline:
            with self.settled:
                if self.passes >= wanted and self.quiet:
                    return True
                self.settled.wait(0.1)
            self._woken.set()
        return False

    def is_dead(self, identity):
        machine = self.machines.get(identity)
        return machine is not None and machine.state == "dead"

    def console(self, identity):
        try:
            with open(f"{host.FOLDER}/consoles/{identity}.log", "rb") as file:
                return file.read()
        except OSError:
            return b""

    # ---- the loop

    def start(self, api):
        self.api = api
        self.quiet = False
        self.edge.up()
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.thread.start()

    def _loop(self):
        while not self._ended.is_set():
            changed = True
            try:
                changed = self._pass()
            except Exception:  # noqa: BLE001 - it tries again, and the test can read what went wrong
                self._problem(traceback.format_exc())
            with self.settled:
                self.passes += 1
                self.quiet = not changed
                self.settled.notify_all()
            self._woken.wait(PAUSE)
            self._woken.clear()

    def _problem(self, text):
        if text not in self.problems:
            self.problems.append(text)
            print(text, file=sys.stderr, flush=True)

    def _pass(self):
        """True when something was done, or is under way."""
        self._notice_ends()
        with self.api.turn:
            self.told = told = desired.read(self.addresses)
            self.addresses.forget(told.balancers)
        changed = self._networks(told)
        wanted = {i: m for i, m in told.machines.items() if m.state in ("running", "stopped")}
        # The end of one that is being removed takes it out of the list, from a thread of its own.
        for identity, real in list(self.machines.items()):
            if identity not in wanted:
                changed = True
                self._act(real, self._terminate)
        for identity, machine in wanted.items():
            real = self.machines.get(identity)
            if real is None and machine.state == "running":
                real = self.machines[identity] = RealMachine(identity, self.image)
                real.reboots = machine.reboots
            if real is not None and self._steer(real, machine):
                changed = True
        namespaces = {vpc: router.namespace for vpc, router in self.routers.items()}
        self.health.update(told, namespaces)
        healthy = self.health.healthy(told)
        for vpc, router in self.routers.items():
            if vpc in told.vpcs:
                changed |= router.apply(told, told.vpcs[vpc], frozenset(self.cut), healthy)
                self._resolver(vpc, router)
        self._edge(told)
        self.hosts.update(told)
        return changed

    def _notice_ends(self):
        """Machines that ended by themselves: one that powered itself off is stopped (or terminated, as its instance has it),
        one that rebooted is started; one that was killed is dead, and its instance runs on, as far as the API knows."""
        for real in self.machines.values():
            if not real.lock.acquire(blocking=False):
                continue
            try:
                if not real.look():
                    continue
                if real.exit_status == REBOOT_STATUS:
                    real.state = "stopped"
                elif real.exit_status == 0:
                    with self.api.turn:
                        for backend in desired.backends(desired.ec2_backends):
                            for instance in backend.all_instances():
                                if instance.id == real.id:
                                    ended = instance.instance_initiated_shutdown_behavior == "terminate"
                                    (instance.terminate if ended else instance.stop)()
                    real.state = "stopped"
            finally:
                real.lock.release()

    # ---- machines

    def _steer(self, real, machine):
        if real.failure:
            # Stopped and started, it is tried again.
            if machine.state == "stopped":
                real.failure, real.state = None, "stopped"
            return False
        if machine.state == "running":
            if real.reboots != machine.reboots and real.state in ("running", "dead"):
                return self._act(real, self._reboot, machine)
            if real.state == "stopped":
                return self._act(real, self._start, machine)
        elif real.state in ("running", "dead"):
            return self._act(real, self._stop)
        return real.state in ("starting", "stopping")

    def _act(self, real, action, *arguments):
        """In a thread of its own, one at a time for each machine. What needs the loop's networks is done before."""
        if not real.lock.acquire(blocking=False):
            return True

        def body():
            try:
                action(real, *arguments)
            except Exception as error:  # noqa: BLE001
                real.failure = str(error)
                self._problem(f"{real.id}: {error}")
            finally:
                real.lock.release()
                self.wake()

        try:
            if action in (self._start, self._reboot):
                self._connect(real, arguments[0])
            elif action == self._terminate:
                self._disconnect(real)
        except Exception:
            real.lock.release()
            raise
        threading.Thread(target=body, daemon=True).start()
        return True

    def _connect(self, real, machine):
        router = self.routers[machine.vpc]
        if real.id not in router.links:
            host.make_namespace(real.namespace)
            router.connect(machine, self.told, real.namespace)

    def _disconnect(self, real):
        for router in self.routers.values():
            router.disconnect(real.id)

    def _start(self, real, machine):
        if not os.path.exists(real.folder):
            real.lay_disk(machine, self.told)
        real.start(machine)

    def _stop(self, real):
        if real.state == "dead":
            real.state = "stopped"
        else:
            real.power_off()

    def _reboot(self, real, machine):
        real.reboots = machine.reboots
        real.power_off()
        real.start(machine)

    def _terminate(self, real):
        real.kill()
        host.remove_namespace(real.namespace)
        real.remove_disk()
        self.machines.pop(real.id, None)
        self.cut.discard(real.id)

    # ---- networks

    def _networks(self, told):
        used = {m.vpc for m in told.machines.values() if m.state != "terminated"} | {b.vpc for b in told.balancers.values()}
        changed = False
        for vpc in used - self.routers.keys():
            self.networks_made += 1
            self.routers[vpc] = Router(told.vpcs[vpc], self.networks_made)
            changed = True
        for vpc in self.routers.keys() - used:
            router = self.routers[vpc]
            if not router.links:
                resolver = self.resolvers.pop(vpc, None)
                if resolver:
                    resolver.close()
                self.routers.pop(vpc).remove()
            changed = True
        return changed

    def _resolver(self, vpc, router):
        if vpc not in self.resolvers:
            address = self.told.vpcs[vpc].resolver
            self.resolvers[vpc] = Resolver(vpc, router.namespace, address, lambda: self.told)

    def _edge(self, told):
        publics = {}
        for vpc, router in self.routers.items():
            if vpc not in told.vpcs or not told.vpcs[vpc].has_gateway:
                continue
            found = [m.public for m in told.machines.values() if m.vpc == vpc] + [b.public for b in told.balancers.values() if b.vpc == vpc]
            subnets = [s for s in told.subnets.values() if s.vpc == vpc]
            found += [route.target for s in subnets for route in s.routes if route.kind == "nat"]
            publics.update({public: router.number for public in found if public})
        self.edge.route(publics)

    # ---- the end

    def close(self):
        """Kills every machine. Namespaces end with this process."""
        self._ended.set()
        self._woken.set()
        self.thread.join(timeout=30)
        self.health.close()
        threads = [threading.Thread(target=self._end, args=(real,)) for real in self.machines.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _end(self, real):
        if real.lock.acquire(timeout=30):
            try:
                host.remove_cgroup(real.cgroup)
            except host.Failure as failure:
                print(failure, file=sys.stderr, flush=True)
