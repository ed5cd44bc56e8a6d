# Starts a local machine and returns at once: `start CONSOLE LAUNCH CGROUP-PROCS... -- MACHINE ARGUMENT...`.
# The machine gets a session of its own and keeps nothing of its starter: no terminal, descriptor, folder or cgroup.
set -eu
umask 022
cd /
console=$1 launch=$2
shift 2
while [ "$1" != -- ]; do
    echo 0 >"$1"
    shift
done
shift
exec setsid --fork unshare --mount --propagation slave sh -c "$launch" launch "$@" </dev/null >>"$console" 2>&1
