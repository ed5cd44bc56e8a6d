#!/bin/sh
# Holds the address of the cluster's API while this machine's API server is ready and no other master holds it.
# Usage: slipway-api-address hold|release. Environment: MACHINE_ADDRESS, API_ADDRESS, VRRP_ID, CHECK.
#
# The masters agree by VRRP, version 3, over multicast: none of them has to know the others, so their number can change
# without a word to the rest. All have one priority and none takes the address from a healthy holder. A check that fails
# is a fault, not a lower priority: a master whose API server is not ready never holds the address.
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
# What one that was killed has left.
ip address del "$API_ADDRESS/32" dev "$link" 2>/dev/null || true
case $1 in
hold) ;;
release) exit 0 ;;
*)
    echo "usage: slipway-api-address hold|release" >&2
    exit 64
    ;;
esac
run=/run/slipway/api-address
mkdir -p "$run"
cat >"$run/keepalived.conf" <<CONF
global_defs {
  router_id $MACHINE_ADDRESS
  vrrp_version 3
  enable_script_security
  script_user root
  vrrp_garp_master_delay 1
}
vrrp_script ready {
  script "$CHECK"
  interval 1
  timeout 4
  rise 1
  fall 1
  init_fail
}
vrrp_instance api {
  state BACKUP
  nopreempt
  interface $link
  mcast_src_ip $MACHINE_ADDRESS
  virtual_router_id $VRRP_ID
  priority 100
  advert_int 0.2
  virtual_ipaddress {
    $API_ADDRESS/32 dev $link
  }
  track_script {
    ready
  }
}
CONF
exec keepalived --dont-fork --log-console --vrrp --use-file "$run/keepalived.conf" --pid "$run/pid" --vrrp_pid "$run/vrrp.pid"
