#!/bin/sh
# Takes or releases the address of the cluster's API, on the link that holds this machine's own address.
# Usage: slipway-api-address start|stop. Environment: MACHINE_ADDRESS, API_ADDRESS.
set -eu
link=
for _ in 1 2 3 4 5 6 7 8 9 10; do
    link=$(ip -o -4 address show | while read -r _ name _ address _; do
        if [ "${address%/*}" = "$MACHINE_ADDRESS" ]; then echo "$name" && break; fi
    done)
    if [ -n "$link" ]; then break; fi
    sleep 1
done
if [ -z "$link" ]; then
    echo "no link of this machine has its address $MACHINE_ADDRESS" >&2
    exit 1
fi
case $1 in
start)
    ip address replace "$API_ADDRESS/32" dev "$link"
    # Tell the neighbours, who may remember another holder.
    if command -v arping >/dev/null 2>&1; then
        arping -q -c 1 -U -I "$link" "$API_ADDRESS" || arping -q -c 1 -P -U -i "$link" "$API_ADDRESS" || true
    fi >/dev/null 2>&1
    ;;
stop) ip address del "$API_ADDRESS/32" dev "$link" 2>/dev/null || true ;;
*)
    echo "usage: slipway-api-address start|stop" >&2
    exit 64
    ;;
esac
