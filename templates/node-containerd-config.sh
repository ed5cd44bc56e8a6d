#!/bin/sh
# Finishes containerd's configuration for this very machine. Usage: slipway-containerd-config SOURCE TARGET.
# Environment: CGROUP_DRIVER (systemd or cgroupfs).
set -eu
systemd=true
if [ "${CGROUP_DRIVER:-systemd}" = cgroupfs ]; then systemd=false; fi
# Tried, not guessed: some machines may not lower a process' standing with the kernel's memory killer.
restrict=true
if (echo -1 >/proc/self/oom_score_adj) 2>/dev/null; then restrict=false; fi
mkdir -p "${2%/*}"
umask 077
sed -e "s/^\( *SystemdCgroup = \).*/\1$systemd/" -e "s/^\( *restrict_oom_score_adj = \).*/\1$restrict/" "$1" >"$2.new"
mv -f "$2.new" "$2"
