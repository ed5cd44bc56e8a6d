#!/bin/sh
# Prints the public half of the one host key that sshd has here; exits with 1 when there is another one, or one lies ready.
# Environment: ROOT (a folder to work in instead of /).
set -eu
ssh=$ROOT/etc/ssh
key=$ssh/ssh_host_ed25519_key
fail() {
    echo "$1" >&2
    exit 1
}
served=$(/usr/sbin/sshd -T -f "$ssh/sshd_config" | sed -n 's/^hostkey //p')
[ "$served" = "$key" ] || fail "sshd is to serve: $served"
[ ! -e "$ssh/slipway-host-key" ] || fail "another host key lies ready"
for other in "$ssh"/ssh_host_*_key; do
    [ "$other" = "$key" ] || fail "there is another host key: $other"
done
ssh-keygen -y -f "$key" | cut -d ' ' -f 1,2
