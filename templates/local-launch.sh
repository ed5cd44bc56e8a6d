# Runs in a mount namespace of its own, which ends with the machine: `launch FOLDER IMAGE NETNS ARGUMENT...`.
# Nothing that is mounted or written here is seen on the host, nor left there when the machine is killed.
set -eu
folder=$1 image=$2 netns=$3
shift 3
# Option -n: mount(8) shall keep no note of it under the host's /run.
mount -n --bind "$netns" "$folder/netns"
mount -t tmpfs -o mode=755 slipway /run
mkdir -p /run/slipway/root /run/slipway/bind
: >/run/slipway/netns
mount --bind "$folder/netns" /run/slipway/netns
umount "$folder/netns"
layers=$image
if [ -d "$folder/wanted" ]; then layers=$folder/wanted:$image; fi
mount -t overlay -o "lowerdir=$layers,upperdir=$folder/root/upper,workdir=$folder/root/work" slipway /run/slipway/root
for name in containerd etcd kubelet; do
    mkdir "/run/slipway/bind/$name"
    mount --bind "$folder/$name" "/run/slipway/bind/$name"
done
# systemd-nspawn makes folders here that it leaves behind when it is killed.
mount -t tmpfs -o mode=1777 slipway /tmp
exec systemd-nspawn "$@"
