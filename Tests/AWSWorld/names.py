"""Names: a resolver in every network, at the address that a VPC has for it, and a hosts file for programs on the host."""

import ipaddress
import os
import socket
import struct
import threading

import desired
import host


class Resolver:
    """Answers what machines of a network ask for: IPv4 addresses of balancers, of records in hosted zones, of instances."""

    def __init__(self, vpc, namespace, address, world):
        self.vpc, self.world = vpc, world
        self.socket = host.in_namespace(namespace, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        # Wakes the thread, which a mere close would not.
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def _serve(self):
        while True:
            try:
                question, sender = self.socket.recvfrom(1500)
            except OSError:
                return
            if not question:
                return
            try:
                self.socket.sendto(answer(question, lambda name: desired.resolve(self.world(), name, self.vpc)), sender)
            except (OSError, ValueError, IndexError, struct.error):
                continue


def answer(question, resolve):
    """The answer to a DNS message with one question."""
    identity, flags, count = struct.unpack("!HHH", question[:6])
    if flags & 0x8000 or count != 1:
        raise ValueError("no question")
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode("ascii"))
        at += 1 + question[at]
    end = at + 5
    kind = struct.unpack("!H", question[at + 1:at + 3])[0]
    address = resolve(".".join(labels))
    records = b""
    if address and kind == 1:
        # Name (by reference), type, class, seconds to live, length.
        records = struct.pack("!HHHIH", 0xC00C, 1, 1, 1, 4) + ipaddress.IPv4Address(address).packed
    code = 0 if address else 3
    return struct.pack("!HHHHHH", identity, 0x8580 | flags & 0x0100 | code, 1, 1 if records else 0, 0, 0) + question[12:end] + records


class HostsFile:
    """The host's /etc/hosts and the world's public names, to be bound over /etc/hosts. Always the same file: a bind would
    not see another one of its name."""

    def __init__(self, path):
        self.path = path
        self.text = None

    def update(self, world):
        own = host.read("/etc/hosts")
        lines = [f"{address} {name}" for name in sorted(world.names) if (address := desired.resolve(world, name))]
        text = own + "".join(f"{line}\n" for line in lines)
        if text == self.text:
            return
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        data = text.encode()
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o644)
        os.pwrite(file, data, 0)
        os.ftruncate(file, len(data))
        os.close(file)
        self.text = text
