#!/bin/sh
# What kubelet wants to find before it starts. Environment: KUBELET_PKI, POD_RESOLV_CONF, KERNEL_SETTINGS.
set -eu
# Kubelet rotates its certificate by moving this link and refuses to when it is a file. A certificate that was delivered
# later than the one in use takes over: it was issued because that one no longer serves.
current=$KUBELET_PKI/kubelet-client-current.pem
initial=$KUBELET_PKI/kubelet-client-initial.pem
if [ ! -e "$current" ] || [ "$initial" -nt "$current" ]; then
    ln -s "$initial" "$current.new" 2>/dev/null || ln -sf "$initial" "$current.new"
    mv -fT "$current.new" "$current"
fi
# The resolver's own file instead of its stub, which pods cannot reach; without any, pods start nevertheless.
mkdir -p "${POD_RESOLV_CONF%/*}"
for source in /run/systemd/resolve/resolv.conf /etc/resolv.conf /dev/null; do
    if [ -e "$source" ]; then
        cat "$source" >"$POD_RESOLV_CONF"
        break
    fi
done
# Kubelet insists on these and sets none itself. A machine that shares its kernel has files of its own in these places.
while read -r name value; do
    [ "$(cat "$KERNEL_SETTINGS/$name")" = "$value" ] || echo "$value" >"$KERNEL_SETTINGS/$name"
done <<KERNEL
kernel/keys/root_maxbytes 25000000
kernel/keys/root_maxkeys 1000000
kernel/panic 10
kernel/panic_on_oops 1
vm/overcommit_memory 1
vm/panic_on_oom 0
KERNEL
