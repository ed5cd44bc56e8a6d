"""A machine: the real host that stands for an instance. Started by the scripts of the local cloud."""

import hashlib
import json
import os
import shutil
import subprocess
import threading
import time

import host

# Bound over the machine's folders of these names: an overlay cannot lie on an overlay.
BOUND = ["containerd", "etcd", "kubelet"]
# What process 1 of a machine takes as "power off" (SIGRTMIN+4, systemd(1)).
POWER_OFF = 34 + 4
# What systemd-nspawn ends with when the machine asks to be started again.
REBOOT_STATUS = 133


class RealMachine:
    """`state`: starting, running, stopping, stopped, or dead: it ended and nobody had asked it to."""

    def __init__(self, identity, image):
        self.id = identity
        self.image = image
        self.folder = f"{host.FOLDER}/machines/{identity}"
        self.console = f"{host.FOLDER}/consoles/{identity}.log"
        self.cgroup = f"{host.PREFIX}-{identity}"
        self.namespace = f"m-{identity}"
        self.state = "stopped"
        self.exit_status = None
        self.failure = None
        self.reboots = 0
        # Seconds from the start to a machine that runs.
        self.began = None
        self.lock = threading.Lock()
        self._leader = None

    @property
    def leader(self):
        """Its process 1, None when it does not run. Asked often, and found with some work: remembered while it lives."""
        if self._leader is None or host.birth(self._leader[0]) != self._leader[1]:
            pid = host.cgroup_leader(self.cgroup)
            self._leader = (pid, host.birth(pid)) if pid else None
        return self._leader[0] if self._leader else None

    # ---- disk

    def lay_disk(self, machine, world):
        """Its disk as the instance's first boot finds it."""
        os.makedirs(f"{self.folder}/root/upper")
        os.chmod(f"{self.folder}/root/upper", 0o755)
        os.makedirs(f"{self.folder}/root/work")
        for name in BOUND:
            model = os.stat(f"{self.image}/var/lib/{name}") if os.path.exists(f"{self.image}/var/lib/{name}") else None
            os.makedirs(f"{self.folder}/{name}")
            if model:
                os.chown(f"{self.folder}/{name}", model.st_uid, model.st_gid)
                os.chmod(f"{self.folder}/{name}", model.st_mode & 0o7777)
        host.write(f"{self.folder}/netns", "", 0o600)
        seed = f"{self.folder}/root/upper/var/lib/cloud/seed/nocloud"
        meta = {"instance-id": machine.id, "local-hostname": machine.hostname}
        if machine.public_key:
            meta["public-keys"] = {machine.key_name: machine.public_key}
        files = {
            "/etc/hostname": f"{machine.hostname}\n",
            "/etc/hosts": f"127.0.0.1 localhost\n{machine.address} {machine.hostname}\n",
            "/etc/resolv.conf": f"nameserver {world.vpcs[machine.vpc].resolver}\noptions timeout:1\n",
            "/etc/machine-id": hashlib.sha256(machine.id.encode()).hexdigest()[:32] + "\n",
        }
        for path, content in files.items():
            host.write(f"{self.folder}/root/upper{path}", content)
        # YAML is a superset of JSON.
        host.write(f"{seed}/meta-data", json.dumps(meta) + "\n", 0o600)
        host.write(f"{seed}/user-data", machine.user_data or b"#cloud-config\n{}\n", 0o600)

    def remove_disk(self):
        if os.path.exists(self.folder):
            shutil.rmtree(self.folder)

    # ---- life

    def start(self, machine):
        """Boots it in its namespace, which has its link already."""
        self.state = "starting"
        self.began = time.monotonic()
        host.remove_cgroup(self.cgroup)
        host.make_cgroup(self.cgroup, machine.memory)
        if os.path.exists(f"{self.folder}/exit"):
            os.remove(f"{self.folder}/exit")
        os.makedirs(os.path.dirname(self.console), exist_ok=True)
        launch = host.template("local-launch.sh").replace(
            'exec systemd-nspawn "$@"', 'status=0; systemd-nspawn "$@" || status=$?\necho "$status" >"$folder/exit"')
        entrances = [f"{folder}/cgroup.procs" for folder in host.cgroup_folders(self.cgroup)]
        command = ["sh", "-c", host.template("local-start.sh"), "start", self.console, launch, *entrances, "--", self.folder, self.image,
                   f"{host.NAMESPACES}/{self.namespace}", *self._nspawn(machine)]
        host.run(*command, environment={"PATH": host.PATH, "LC_ALL": "C", "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"})
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            leader = self.leader
            if leader and host.read(f"/proc/{leader}/comm").strip() == "systemd":
                self.state = "running"
                return
            if os.path.exists(f"{self.folder}/exit"):
                break
            time.sleep(0.02)
        raise host.Failure(f"{self.id} does not boot:\n" + "\n".join(host.read(self.console).splitlines()[-20:]))

    def _nspawn(self, machine):
        return [
            "--directory=/run/slipway/root", f"--machine={self.id}", "--boot", "--keep-unit", "--register=no", "--link-journal=no",
            "--resolv-conf=off", "--timezone=off", "--console=read-only", "--capability=all",
            "--network-namespace-path=/run/slipway/netns", "--system-call-filter=@keyring bpf perf_event_open",
            *[f"--bind={path}" for path in ("/dev/kmsg", "/dev/fuse") if os.path.exists(path)],
            *[f"--bind=/run/slipway/bind/{name}:/var/lib/{name}" for name in BOUND],
            "--setenv=SYSTEMD_COLORS=0", f"--setenv=SYSTEM_RESERVED={_beyond(machine)}"]

    def power_off(self, patience=20):
        """Asks it to power off, and kills it when it does not."""
        self.state = "stopping"
        leader = self.leader
        if leader:
            host.kill(leader, POWER_OFF)
            deadline = time.monotonic() + patience
            while self.leader == leader and time.monotonic() < deadline:
                time.sleep(0.05)
        self.kill()

    def kill(self):
        self.state = "stopping"
        host.remove_cgroup(self.cgroup)
        self.state = "stopped"

    def look(self):
        """Notices that it ended by itself. True then; what systemd-nspawn ended with is in `exit_status`."""
        if self.state != "running" or self.leader:
            return False
        deadline = time.monotonic() + 2
        while not host.read(f"{self.folder}/exit") and time.monotonic() < deadline:
            time.sleep(0.05)
        status = host.read(f"{self.folder}/exit").strip()
        self.exit_status = int(status) if status else None
        host.remove_cgroup(self.cgroup)
        self.state = "dead"
        return True

    def run(self, script, limit):
        """Runs a shell script in it as root: status, output and errors."""
        leader = self.leader
        if not leader:
            raise host.Failure(f"{self.id} does not run")
        enter = ["nsenter", f"--target={leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd=/", "--"]
        done = subprocess.run(
            [*enter, "/bin/sh", "-c", script],
            cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=limit,
            env={"PATH": host.PATH, "HOME": "/root", "LC_ALL": "C"})
        return {"status": done.returncode, "output": done.stdout, "errors": done.stderr}


def _beyond(machine):
    """What the host has beyond the instance type, as kubelet's reservations have it."""
    total = next((int(line.split()[1]) << 10 for line in host.read("/proc/meminfo").splitlines() if line.startswith("MemTotal:")), 0)
    parts = []
    if machine.cpus and (os.cpu_count() or 0) > machine.cpus:
        parts.append(f"cpu={os.cpu_count() - machine.cpus}")
    if machine.memory and total > machine.memory:
        parts.append(f"memory={(total - machine.memory) >> 10}Ki")
    return ",".join(parts)
