#!/bin/sh
# Succeeds once packets from this machine's pod range reach the cluster's API and come back: first directly (bridge and
# route), then through the address of the kubernetes Service (proxy). Says what is missing when the time is over.
# Environment: BRIDGE, BRIDGE_IP, API_HOST, API_PORT, SERVICE_IP, GATE_SECONDS.
set -u
reaches() { socat -u OPEN:/dev/null "TCP4:$1:$2,bind=$BRIDGE_IP,connect-timeout=2" 2>/dev/null; }
deadline=$(($(date +%s) + GATE_SECONDS))
while :; do
    if [ ! -e "/sys/class/net/$BRIDGE" ]; then
        missing="the pod bridge $BRIDGE does not exist"
    elif ! reaches "$API_HOST" "$API_PORT"; then
        missing="nothing from the pod range ($BRIDGE_IP) gets an answer from the API at $API_HOST:$API_PORT: the API is down or the pod range has no route"
    elif ! reaches "$SERVICE_IP" 443; then
        missing="the kubernetes Service at $SERVICE_IP:443 does not answer: the service proxy is not up yet"
    else
        exit 0
    fi
    if [ "$(date +%s)" -ge "$deadline" ]; then
        echo "kubelet is held back: $missing" >&2
        exit 1
    fi
    sleep 0.2
done
