#!/bin/sh
# Installs a tar archive that comes on standard input: files named by their whole path, with their modes and owners.
# Writes only what is not there or is different, each beside its place first and then renamed. Prints the path of every
# file changed since the last delivery that was finished, also by an earlier run of this script that broke off: the
# caller owes each of them its effect. The archive is unpacked in memory, where no one else can look.
# Arguments: files to be removed.
set -eu
umask 077
pending=/etc/slipway/changed
mkdir -p /run/slipway
(umask 022 && mkdir -p /etc/slipway)
stage=$(mktemp -d /run/slipway/incoming.XXXXXX)
trap 'rm -rf "$stage"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
tar --extract --file=- --directory="$stage" --same-permissions --same-owner
for path; do
    if [ -e "$path" ] || [ -L "$path" ]; then
        echo "$path" >>"$pending"
        rm -f "$path"
    fi
done
cd "$stage"
while read -r mode folder; do
    (umask 022 && mkdir -p "$folder")
    chmod "$mode" "$folder"
done <.slipway-folders
rm .slipway-folders
# A delivered file is as old as its delivery.
find . -type f -exec touch -- {} +
find . -type f | sort | while read -r file; do
    target=${file#.}
    if [ -f "$target" ] && [ ! -L "$target" ] && cmp -s "$file" "$target" &&
        [ "$(stat -c %a:%U:%G "$file")" = "$(stat -c %a:%U:%G "$target")" ]; then
        continue
    fi
    [ -d "${target%/*}" ] || (umask 022 && mkdir -p "${target%/*}")
    cp -p "$file" "$target.slipway-new"
    echo "$target" >>"$pending"
    mv -fT "$target.slipway-new" "$target"
done
if [ -e "$pending" ]; then sort -u "$pending"; fi
