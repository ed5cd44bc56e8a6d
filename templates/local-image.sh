#!/bin/sh
# Makes the root of a local machine: `local-image.sh WORK RELEASE PACKAGE,...` leaves it in WORK/root. WORK/files holds
# what is laid over it. Archive, keys and the way to them are those that apt uses on this host.
set -eu
umask 022
work=$1 release=$2 packages=$3

# Only the distribution's own suites: none of the others is needed, and one that is out of reach would fail the build.
eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
for file in "$list" "${parts%/}"/*.list; do
    [ -f "$file" ] || continue
    awk -v release="$release" '
        { sub(/#.*/, "") }
        $1 == "deb" {
            rest = $0
            sub(/^[ \t]*deb[ \t]+(\[[^]]*\][ \t]*)?/, "", rest)
            split(rest, word)
            if (word[2] ~ "^" release "(-updates|-security)?/?$") print
        }' "$file"
done >"$work/sources.list"
for file in "${parts%/}"/*.sources; do
    [ -f "$file" ] || continue
    awk -v release="$release" '
        function finish(   count, word, i, suites) {
            count = split(value["suites"], word)
            for (i = 1; i <= count; i++)
                if (word[i] ~ "^" release "(-updates|-security)?/?$") suites = suites " " word[i]
            if (suites != "" && value["types"] ~ /(^|[ \t])deb([ \t]|$)/ && tolower(value["enabled"]) !~ /^[ \t]*no/)
                printf "Types: deb\nSuites:%s\n%s\n", suites, rest
            split("", value)
            rest = field = ""
        }
        /^#/ { next }
        /^[ \t]*$/ { finish(); next }
        /^[^ \t]/ {
            field = tolower($0)
            sub(/[ \t]*:.*/, "", field)
            text = $0
            sub(/^[^:]*:/, "", text)
            value[field] = text
        }
        /^[ \t]/ { value[field] = value[field] " " $0 }
        field !~ /^(types|suites|enabled)$/ { rest = rest $0 "\n" }
        END { finish() }' "$file"
done >"$work/host.sources"
sources=
for file in "$work/sources.list" "$work/host.sources"; do
    if [ -s "$file" ]; then sources="$sources $file"; fi
done

apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries|ForceIPv)' >"$work/apt.conf" || :
if [ -s "$work/apt.conf" ]; then set -- --aptopt="$work/apt.conf"; else set --; fi

# shellcheck disable=SC2086 # a list of files without blanks, or nothing: mmdebstrap's own default
mmdebstrap --mode=root --variant=minbase --format=directory --include="$packages" "$@" \
    --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --customize-hook='chroot "$1" sh -c "rm -f /etc/ssh/ssh_host_*"' \
    "$release" "$work/root" $sources

root=$work/root
cp -R "$work/files/." "$root/"
chmod 755 "$root/usr/lib/slipway/local-setup"
# The way to the archive is the host's affair, passwords of a proxy among it.
rm -rf "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap "$root"/etc/apt/sources.list \
    "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log \
    "$root"/var/log/apt
: >"$root/etc/machine-id"
: >"$root/etc/resolv.conf"
rm -f "$root/etc/hostname"
chroot "$root" usermod --password '*' root
# Slipway starts these itself, when their configuration is there.
chroot "$root" systemctl --quiet disable containerd.service etcd.service keepalived.service
chroot "$root" systemctl --quiet enable ssh.service slipway-local-setup.service
chroot "$root" systemctl --quiet set-default multi-user.target
chroot "$root" systemctl --quiet mask \
    getty.target console-getty.service getty-static.service systemd-modules-load.service systemd-networkd.service \
    systemd-networkd-wait-online.service systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer logrotate.timer man-db.timer \
    nftables.service systemd-logind.service sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
    sys-fs-fuse-connections.mount
