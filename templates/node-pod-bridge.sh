#!/bin/sh
# Makes the bridge that pods hang on, with the first address of this machine's pod range, so that the way to the pods
# can be verified before there is one. Environment: BRIDGE, BRIDGE_ADDRESS (with prefix), BRIDGE_MAC.
set -eu
echo 1 >/proc/sys/net/ipv4/ip_forward
# Without it a pod cannot reach a pod of the same machine through a Service.
modprobe -q br_netfilter 2>/dev/null || true
if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then
    echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
else
    echo "br_netfilter is not loaded: pods will not reach pods of the same machine through a Service" >&2
fi
if [ ! -e "/sys/class/net/$BRIDGE" ]; then ip link add "$BRIDGE" type bridge; fi
# A fixed hardware address; a bridge would otherwise change its own with its first pod.
ip link set "$BRIDGE" address "$BRIDGE_MAC"
ip address replace "$BRIDGE_ADDRESS" dev "$BRIDGE"
ip link set "$BRIDGE" up
