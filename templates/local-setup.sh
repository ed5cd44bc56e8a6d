#!/bin/sh
# Runs in a local machine before its services, at every boot. What it finds it writes to /run/slipway/machine.env.
# Environment: SYSTEM_RESERVED, what the host has beyond the machine's instance type, as `cpu=6,memory=14Gi`.
set -eu
umask 022
mkdir -p /run/slipway/sysctl

# The kernel is shared with the host. These settings are kubelet's to write: give it files of this machine's own.
for name in kernel/panic kernel/panic_on_oops kernel/keys/root_maxbytes kernel/keys/root_maxkeys vm/overcommit_memory \
    vm/panic_on_oom; do
    own=/run/slipway/sysctl/$(echo "$name" | tr / .)
    cat "/proc/sys/$name" >"$own"
    mount --bind "$own" "/proc/sys/$name"
done

# Version 1 controllers come read-only. Mounted anew they show, and allow to change, this machine's part alone.
driver=systemd
while read -r _ folder type options _; do
    [ "$type" = cgroup ] || continue
    case ,$options, in *,name=*) continue ;; esac
    driver=cgroupfs
    controllers=
    for option in $(echo "$options" | tr , ' '); do
        case $option in
            blkio | cpu | cpuacct | cpuset | devices | freezer | hugetlb | memory | misc | net_cls | net_prio | perf_event | pids | rdma)
                controllers=$controllers,$option
                ;;
        esac
    done
    umount "$folder"
    mount -t cgroup -o "nosuid,nodev,noexec${controllers}" cgroup "$folder"
done <<MOUNTS
$(cat /proc/mounts)
MOUNTS

cat >/run/slipway/machine.env.new <<ENV
CGROUP_DRIVER=$driver
CGROUP_ROOT=/
SYSTEM_RESERVED=${SYSTEM_RESERVED:-}
ENV
mv /run/slipway/machine.env.new /run/slipway/machine.env
