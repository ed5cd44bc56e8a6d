#!/bin/sh
# Prints what this machine is, as one JSON document on one line. Needs nothing but a shell, sed, sha256sum and systemctl,
# changes nothing, and works on a machine that has nothing installed yet. Arguments: the units to ask for. Environment:
# ETCDCTL, the command that reaches this machine's own etcd member.
set -u
LC_ALL=C
export LC_ALL
json() { printf '%s' "$1" | tr -d '\000-\037' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g'; }

spec=$(sed -n 's/.*"specDigest" *: *"\([0-9a-f]*\)".*/\1/p' /etc/slipway/content.json 2>/dev/null | head -n 1)
until=$(sed -n 's/.*"certificatesUntil" *: *"\([0-9]*\)".*/\1/p' /etc/slipway/content.json 2>/dev/null | head -n 1)
version=$(head -n 1 /opt/slipway/bin/.version 2>/dev/null | tr -dc '0-9.v')
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
data=false
if [ -d /var/lib/etcd/member ]; then data=true; fi
forming=false
if [ -e /etc/slipway/etcd-formation.env ]; then forming=true; fi

damaged=
if [ -e /etc/slipway/content.json ]; then
    if [ -e /etc/slipway/content.sha256 ]; then
        damaged=$(sha256sum --check --quiet /etc/slipway/content.sha256 2>/dev/null | sed -n 's/: FAILED\( open or read\)\{0,1\}$//p' |
            while read -r path; do printf '"%s",' "$(json "$path")"; done)
    else
        damaged='"/etc/slipway/content.sha256",'
    fi
fi

# Of a kit that is not as it was stored nothing is said: it is written again.
kit=
if sha256sum --check --status /etc/slipway/recovery.sha256 2>/dev/null; then
    kit=$(sed -n 's/^# \([0-9a-f]*\)$/\1/p' /etc/slipway/recovery.sha256 | head -n 1)
fi

# The member's own word: what it is, who leads, whom it counts. It is asked only where one runs.
etcd=null
if systemctl is-active --quiet etcd.service >/dev/null 2>&1 && status=$(sh -c "$ETCDCTL endpoint status" 2>/dev/null); then
    members=$(sh -c "$ETCDCTL member list" 2>/dev/null) || members=null
    etcd="{\"status\":${status:-null},\"members\":${members:-null}}"
fi

services=
add() {
    if [ -n "$id" ] && [ "$load" != not-found ] && [ "$active" != "" ]; then
        services="$services\"$(json "$id")\":\"$(json "$active")\","
    fi
    id= load= active=
}
id= load= active=
states=$(systemctl show --property=Id,LoadState,ActiveState -- "$@" 2>/dev/null)
while read -r line; do
    case $line in
    Id=*) id=${line#Id=} ;;
    LoadState=*) load=${line#LoadState=} ;;
    ActiveState=*) active=${line#ActiveState=} ;;
    '') add ;;
    esac
done <<END
$states

END
printf '{"specDigest":"%s","damagedFiles":[%s],"binaries":"%s","services":{%s},"hasEtcdData":%s,"isFormingEtcd":%s,"bootID":"%s","certificatesUntil":%s,"recoveryKit":"%s","etcd":%s}\n' \
    "$spec" "${damaged%,}" "$version" "${services%,}" "$data" "$forming" "$(json "$boot")" "${until:-null}" "$kit" "$etcd"
