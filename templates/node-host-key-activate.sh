#!/bin/sh
# Makes the host key that lies ready the only one of this machine, and removes whatever holds the one that it was made with:
# key files, sshd's settings, and what cloud-init keeps of the user data. Running it again completes it.
# Environment: KEY (the public half, `ssh-ed25519 BASE64`), ROOT (a folder to work in instead of /), RELOAD (what makes sshd
# read its configuration again; empty for systemd's way).
# Exits with 3, having changed nothing, when that key is not there.
set -eu
umask 077
ssh=$ROOT/etc/ssh
key=$ssh/ssh_host_ed25519_key
ready=$ssh/slipway-host-key
public() { ssh-keygen -y -f "$1" 2>/dev/null | cut -d ' ' -f 1,2; }
[ -n "$KEY" ] || exit 3
if [ "$(public "$ready/key")" = "$KEY" ]; then
    mv -f "$ready/key" "$key"
elif [ "$(public "$key")" != "$KEY" ]; then
    echo "the host key that was noted is not on this machine" >&2
    exit 3
fi
printf '%s\n' "$KEY" >"$key.pub"
chmod 644 "$key.pub"
rm -rf "$ready"
for other in "$ssh"/ssh_host_*; do
    case $other in
    "$key" | "$key.pub") ;;
    *) rm -f "$other" ;;
    esac
done

# sshd serves this key and no other, whatever is made beside it later.
setting='^[[:space:]]*[Hh][Oo][Ss][Tt]([Kk][Ee][Yy]|[Cc][Ee][Rr][Tt][Ii][Ff][Ii][Cc][Aa][Tt][Ee]|[Kk][Ee][Yy][Aa][Gg][Ee][Nn][Tt])[[:space:]=]'
rm -f "$ssh/sshd_config.d/00-slipway-host-key.conf"
for file in "$ssh/sshd_config" "$ssh"/sshd_config.d/*.conf; do
    if [ -f "$file" ] && grep -qE "$setting" "$file"; then sed -i -E "/$setting/d" "$file"; fi
done
if grep -qiE '^[[:space:]]*include[[:space:]].*/sshd_config\.d/\*\.conf' "$ssh/sshd_config"; then
    printf 'HostKey %s\n' "$key" >"$ssh/sshd_config.d/00-slipway-host-key.conf"
else
    { printf 'HostKey %s\n' "$key" && cat "$ssh/sshd_config"; } >"$ssh/sshd_config.new"
    chmod --reference="$ssh/sshd_config" "$ssh/sshd_config.new"
    mv -f "$ssh/sshd_config.new" "$ssh/sshd_config"
fi

# At another boot cloud-init would fetch the user data again, and lay the old key down. All that it had to do is done.
if [ -d "$ROOT/etc/cloud" ]; then : >"$ROOT/etc/cloud/cloud-init.disabled"; fi
cloud=$ROOT/var/lib/cloud
for folder in "$cloud/instance" "$cloud"/instances/*; do
    rm -rf "$folder"/user-data* "$folder"/vendor-data* "$folder"/vendor-cloud-config* "$folder"/vendor2-cloud-config* \
        "$folder"/cloud-config* "$folder"/obj.pkl "$folder"/scripts "$folder"/boothooks "$folder"/handlers
done
rm -f "$cloud"/seed/*/user-data "$ROOT"/run/cloud-init/instance-data*.json "$ROOT"/run/cloud-init/combined-cloud-config.json
left=$(grep -rlsF 'PRIVATE KEY' "$cloud" "$ROOT/run/cloud-init") || true
if [ -n "$left" ]; then
    echo "a private key is still in: $(echo "$left" | head -n 3)" >&2
    exit 4
fi
sync

if [ -n "$RELOAD" ]; then
    eval "$RELOAD"
    exit 0
fi
for unit in ssh.service sshd.service; do
    if systemctl is-active --quiet "$unit"; then
        systemctl reload "$unit"
        exit 0
    fi
done
echo "neither ssh.service nor sshd.service runs here" >&2
exit 5
