"""Starts the world and takes it away, also what a world that was killed has left: see README.md, and start."""

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import host
import image


def main():
    options = argparse.ArgumentParser(prog="start", description="A test world of AWS.")
    options.add_argument("--host-address", default="10.255.255.1",
                         help="the host's own in the world; it and its neighbours in a /30 must be free")
    options.add_argument("--health-scale", type=float, default=10, help="how much faster than told targets are checked")
    options.add_argument("--logs", help="a folder for consoles and the calls that were made")
    options.add_argument("--image-only", action="store_true", help="make the image of instances, print its path, and end")
    told = options.parse_args()
    try:
        root = image.ensure(os.environ.get("SLIPWAY_CACHE") or "/var/cache/slipway")
        if told.image_only:
            print(root)
            return 0
        lock = take_host()
        clean()
        os.makedirs(host.FOLDER + "/consoles", mode=0o700, exist_ok=True)
        return live(root, told)
    except host.Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if "lock" in locals():
            clean()


def take_host(limit=120):
    """One world at a time: addresses and names on the host are the same for all. The lock ends with this process."""
    os.makedirs(host.FOLDER, mode=0o700, exist_ok=True)
    deadline = time.monotonic() + limit
    while True:
        lock = os.open(host.FOLDER, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # It may have been removed by its last holder meanwhile.
            if os.path.exists(host.FOLDER) and os.path.samestat(os.fstat(lock), os.stat(host.FOLDER)):
                return lock
            os.makedirs(host.FOLDER, mode=0o700, exist_ok=True)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise host.Failure(f"another world is on this host ({host.FOLDER} is locked)") from None
            time.sleep(0.2)
        os.close(lock)


def live(root, told):
    """Runs the world until standard input, or the process that started this, ends."""
    inside = [sys.executable, "-B", os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside.py"), root, told.host_address,
              str(told.health_scale)]
    # Killed together with this process, and all that lives in its namespace of processes with it.
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "slave", "--pid", "--fork", "--kill-child=KILL",
               "--mount-proc", "--", *inside]
    environment = {"PATH": host.PATH, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    world = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)
    threading.Thread(target=close_with, args=(world.stdin, os.getppid()), daemon=True).start()
    # Asked to end, it ends as with its input.
    signal.signal(signal.SIGTERM, lambda *_: close(world.stdin))
    status = None
    while status is None:
        try:
            status = world.wait()
        except KeyboardInterrupt:
            close(world.stdin)
    if told.logs:
        os.makedirs(told.logs, exist_ok=True)
        shutil.copytree(f"{host.FOLDER}/consoles", told.logs, dirs_exist_ok=True)
    return status


def close_with(pipe, parent):
    """Closes the pipe when standard input ends, or the parent."""
    def watch_parent():
        while os.getppid() == parent:
            time.sleep(0.5)
        close(pipe)

    threading.Thread(target=watch_parent, daemon=True).start()
    while os.read(0, 4096):
        pass
    close(pipe)


def close(pipe):
    try:
        pipe.close()
    except OSError:
        pass


def clean():
    """Removes all that is ours on the host. Whoever calls holds the host."""
    for name in host.own_cgroups():
        host.remove_cgroup(name)
    host.run("ip", "link", "del", f"{host.PREFIX}0", check=False)
    if os.path.exists(host.FOLDER):
        shutil.rmtree(host.FOLDER)


if __name__ == "__main__":
    sys.exit(main())
