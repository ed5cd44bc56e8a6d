"""The world itself, in namespaces of processes and mounts that end with it: `inside.py IMAGE HOST-ADDRESS SCALE`. Started by
main.py; ends with its standard input."""

import json
import os
import signal
import sys
import threading

import host


def main():
    # Process 1 of the namespace collects what machines leave; the world is its child.
    child = os.fork()
    if child:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.close(0)
        while True:
            pid, status = os.wait()
            if pid == child:
                os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    # A terminal's Ctrl-C is for main.py, which then closes the input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(*sys.argv[1:])


def serve(image, host_address, scale):
    # Names of namespaces are seen in this namespace of mounts alone.
    os.makedirs(host.NAMESPACES, exist_ok=True)
    host.run("mount", "-n", "-t", "tmpfs", "-o", "mode=755", host.PREFIX, host.NAMESPACES)
    host.run("mount", "-n", "--make-rshared", "/")

    import control
    import refusals
    from api import API, QuietHandler, tell_truth
    from werkzeug.serving import make_server
    from world import RealWorld

    world = RealWorld(image, host_address, float(scale))
    api = API(world.wake)
    refusals.enforce()
    tell_truth(world.addresses, world.health, world.console, world.is_dead)
    world.start(api)
    server = make_server("127.0.0.1", 0, api, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ready = {"port": server.server_port, "control": control.serve(world, api), "folder": host.FOLDER, "hosts": world.hosts.path,
             "hostAddress": host_address}
    world.settle()
    print(json.dumps(ready), flush=True)
    while os.read(0, 4096):
        pass
    world.close()
    os._exit(0)


main()
