"""The host that all of it runs on: programs, files, cgroups and network namespaces."""

import ctypes
import os
import signal
import subprocess
import threading
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Everything of ours that is not in a namespace of our own has this at the beginning of its name.
PREFIX = "slipaws"
FOLDER = f"/var/lib/{PREFIX}"
# Of the network namespaces, as files. Not where ip(8) has its own: that folder would be left on the host.
NAMESPACES = f"{FOLDER}/namespaces"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Failure(Exception):
    """What went wrong, in a sentence."""


def run(*command, text="", check=True, namespace=None, environment=None):
    """Runs a program to its end and gives its output."""
    if namespace:
        command = ("nsenter", f"--net={NAMESPACES}/{namespace}", "--", *command)
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, errors="replace", env=environment or {"PATH": PATH, "LC_ALL": "C"})
    if check and done.returncode != 0:
        last = (done.stderr or done.stdout).strip()
        raise Failure(f"{' '.join(command)} ended with {done.returncode}: {last}")
    return done.stdout


def read(path):
    """A file's text, empty when there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def write(path, content, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    os.chmod(path, mode)


def template(name):
    return read(f"{REPOSITORY}/templates/{name}")


# ---- cgroups ----------------------------------------------------------------


def hierarchies():
    """Paths and controllers of the host's cgroup hierarchies, version 1 and 2. One that is mounted twice counts once."""
    found = {}
    for line in read("/proc/self/mountinfo").splitlines():
        fields = line.split()
        dash = fields.index("-")
        kind, options = fields[dash + 1], fields[dash + 3]
        if kind in ("cgroup", "cgroup2"):
            controllers = () if kind == "cgroup2" else tuple(o for o in options.split(",") if o not in ("rw", "ro"))
            found.setdefault((kind, controllers), fields[4])
    return [(path, controllers) for (kind, controllers), path in found.items()]


def cgroup_folders(name):
    return [f"{path}/{name}" for path, _ in hierarchies()]


def make_cgroup(name, memory=None):
    """Makes the cgroup in every hierarchy, ready to take processes. `memory` in bytes."""
    for path, controllers in hierarchies():
        folder = f"{path}/{name}"
        os.makedirs(folder, exist_ok=True)
        if "cpuset" in controllers:
            # A new cpuset is empty and takes no process.
            for setting in ("cpuset.cpus", "cpuset.mems"):
                if not read(f"{folder}/{setting}").strip():
                    write_setting(f"{folder}/{setting}", read(f"{path}/{setting}").strip())
            write_setting(f"{folder}/cgroup.clone_children", "1")
        if memory and "memory" in controllers:
            write_setting(f"{folder}/memory.limit_in_bytes", str(memory))
        if memory and not controllers and "memory" in read(f"{path}/cgroup.controllers").split():
            write_setting(f"{path}/cgroup.subtree_control", "+memory")
            write_setting(f"{folder}/memory.max", str(memory))


def write_setting(path, value):
    with open(path, "w") as file:
        file.write(value)


def cgroup_tree(folder):
    return [path for path, _, _ in os.walk(folder)]


def cgroup_members(name):
    """Processes in the cgroup and those below, as this process's namespace numbers them."""
    found = set()
    for folder in cgroup_folders(name):
        for cgroup in cgroup_tree(folder):
            found.update(int(word) for word in read(f"{cgroup}/cgroup.procs").split())
    return found - {0}


def cgroup_leader(name):
    """The process 1 of the machine in the cgroup, None when it does not run."""
    depth = namespace_depth("self")
    for pid in sorted(cgroup_members(name)):
        status = read(f"/proc/{pid}/status")
        if "\nState:\tZ" in status or "\nState:\tX" in status:
            continue
        ids = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
        if len(ids) == depth + 1 and ids[-1] == "1":
            return pid
    return None


def birth(pid):
    """When a process began, in the kernel's ticks; None when it lives no more."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return None if not fields or fields[0] in "ZX" else fields[19]


def namespace_depth(process):
    return next(
        (len(line.split()) - 1 for line in read(f"/proc/{process}/status").splitlines() if line.startswith("NSpid:")), 1)


def remove_cgroup(name, limit=30):
    """Kills what lives in the cgroup, and removes it with all below it."""
    deadline = time.monotonic() + limit
    leader = cgroup_leader(name)
    if leader:
        # Its end is that of all others of the machine.
        kill(leader)
    gentle = time.monotonic() + 2
    while True:
        left = False
        for folder in cgroup_folders(name):
            for cgroup in reversed(cgroup_tree(folder)):
                try:
                    os.rmdir(cgroup)
                except FileNotFoundError:
                    pass
                except OSError:
                    left = True
        if not left:
            return
        if time.monotonic() > gentle:
            for pid in cgroup_members(name):
                kill(pid)
        if time.monotonic() > deadline:
            raise Failure(f"the cgroup {name} is still in use by {sorted(cgroup_members(name))}")
        time.sleep(0.02)


def own_cgroups():
    """Names of all cgroups at the top that are ours."""
    found = set()
    for path, _ in hierarchies():
        found.update(name for name in os.listdir(path) if name.startswith(f"{PREFIX}-"))
    return found


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


# ---- namespaces -------------------------------------------------------------

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000


def make_namespace(name):
    path = f"{NAMESPACES}/{name}"
    write(path, "")
    run("unshare", f"--net={path}", "true")
    settings = ["net/ipv6/conf/all/disable_ipv6=1", "net/ipv6/conf/default/disable_ipv6=1"]
    set_in(name, settings)


def set_in(namespace, settings):
    script = "".join(f"echo {value} >/proc/sys/{path}\n" for path, value in (setting.split("=") for setting in settings))
    run("sh", "-e", text=script, namespace=namespace)


def remove_namespace(name):
    path = f"{NAMESPACES}/{name}"
    if os.path.exists(path):
        run("umount", "-n", path)
        os.remove(path)


def in_namespace(name, function):
    """What the function gives when it runs in the network namespace. A socket that it makes stays there."""
    result = []

    def body():
        try:
            with open(f"{NAMESPACES}/{name}", "rb") as file:
                if _libc.setns(file.fileno(), _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), f"entering the namespace {name}")
            result.append((function(), None))
        except Exception as error:  # noqa: BLE001 - it is raised again in the caller's thread
            result.append((None, error))

    # A thread of its own, which ends in that namespace.
    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    value, error = result[0]
    if error:
        raise error
    return value


def ip_batch(namespace, lines, force=False):
    if lines:
        run("ip", *(["-force"] if force else []), "-batch", "-", text="\n".join(lines) + "\n", check=not force, namespace=namespace)
