#!/bin/sh
# Makes this machine a host key of its own beside the one that it serves, which others may know, and prints its public half.
# A key that lies ready already stays the one. Environment: ROOT (a folder to work in instead of /).
set -eu
umask 077
ready=$ROOT/etc/ssh/slipway-host-key
# Of a first boot more may be to come: what cloud-init reads then must not be removed before.
if [ -z "$ROOT" ] && command -v cloud-init >/dev/null 2>&1; then cloud-init status --wait >/dev/null 2>&1 || true; fi
mkdir -p "$ready"
if ! ssh-keygen -y -f "$ready/key" >/dev/null 2>&1; then
    rm -f "$ready/key" "$ready/new" "$ready/new.pub"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$ready/new"
    sync -- "$ready/new"
    mv -f "$ready/new" "$ready/key"
fi
ssh-keygen -y -f "$ready/key" | cut -d ' ' -f 1,2
