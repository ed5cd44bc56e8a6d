"""The root filesystem of instances: that of local machines, as an AMI baked for Kubernetes nodes, and cloud-init."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys

import host

# What the local cloud's recipe lacks.
MORE_PACKAGES = ["cloud-init", "python3"]


def _swift_list(source, name):
    """The string literals of `static let NAME = [...]`, so that there is one list for both clouds."""
    body = re.search(rf"static let {name} = \[(.*?)\]", source, re.S)
    return re.findall(r'"([^"]+)"', body.group(1))


def recipe():
    source = host.read(f"{host.REPOSITORY}/Sources/LocalCloud/LocalImage.swift")
    release = re.search(r'static let release = "([^"]+)"', source).group(1)
    packages = _swift_list(source, "packages") + MORE_PACKAGES
    files = {
        "/etc/ssh/sshd_config.d/slipway.conf": host.template("local-sshd.conf"),
        "/etc/systemd/journald.conf.d/slipway.conf": host.template("local-journald.conf"),
        "/etc/systemd/system.conf.d/slipway.conf": host.template("local-system.conf"),
        "/etc/systemd/system/slipway-local-setup.service": host.template("local-setup.service"),
        "/usr/lib/slipway/local-setup": host.template("local-setup.sh"),
        "/etc/cloud/cloud.cfg": host.read(f"{os.path.dirname(__file__)}/image/cloud.cfg"),
    }
    assert all(files.values()), "a file of the recipe is missing"
    # An empty unit is a masked one. The first waits for what never comes here; the second finds only what needs no network,
    # which a seed does not promise.
    for unit in ("cloud-init-hotplugd.socket", "cloud-init-local.service"):
        files[f"/etc/systemd/system/{unit}"] = ""
    return release, packages, files, host.template("local-image.sh")


def ensure(cache):
    """The image's root folder in the cache, made at first use (two minutes). Of several processes one makes it."""
    release, packages, files, script = recipe()
    parts = [release, ",".join(packages), script] + [part for item in files.items() for part in item]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    images = f"{cache}/aws-images"
    root = f"{images}/{digest}/root"
    if os.path.exists(root):
        return root
    os.makedirs(images, exist_ok=True)
    folder = os.open(images, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not os.path.exists(root):
            _build(images, digest, release, packages, files, script)
    finally:
        os.close(folder)
    return root


def _build(images, digest, release, packages, files, script):
    print("making the image of instances: once, about two minutes", file=sys.stderr, flush=True)
    for name in os.listdir(images):
        if name.startswith(".building-"):
            shutil.rmtree(f"{images}/{name}")
    work = f"{images}/.building-{digest}"
    for path, content in files.items():
        host.write(f"{work}/files{path}", content)
    log = f"{images}/{digest}.log"
    with open(log, "w") as output:
        # Its own session: what a terminal says to the tests is not said to apt.
        done = subprocess.run(
            ["sh", "-c", script, "local-image", work, release, ",".join(packages)], stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True, env={**os.environ, "PATH": host.PATH, "LC_ALL": "C"})
    if done.returncode != 0:
        lines = host.read(log).splitlines()[-20:]
        raise host.Failure("the image of instances could not be made:\n" + "\n".join(lines))
    os.makedirs(f"{work}/done")
    os.rename(f"{work}/root", f"{work}/done/root")
    os.sync()
    os.rename(f"{work}/done", f"{images}/{digest}")
    shutil.rmtree(work)
    os.remove(log)
