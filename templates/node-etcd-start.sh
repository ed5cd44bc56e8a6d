#!/bin/sh
# Starts etcd: usage slipway-etcd-start ETCD [FLAG...]. Joins a new cluster only while the one-shot formation file is
# there, which the first forming of the cluster puts in place and takes away. Without it, and without data, it refuses.
set -eu
formation=/etc/slipway/etcd-formation.env
data=/var/lib/etcd

if [ -e "$formation" ]; then
    ETCD_INITIAL_CLUSTER= ETCD_INITIAL_CLUSTER_TOKEN=
    # shellcheck source=/dev/null
    . "$formation"
    if [ -z "$ETCD_INITIAL_CLUSTER" ] || [ -z "$ETCD_INITIAL_CLUSTER_TOKEN" ]; then
        echo "$formation names no members or no token: refusing to start etcd" >&2
        exit 78
    fi
    echo "forming a new etcd cluster under token $ETCD_INITIAL_CLUSTER_TOKEN" >&2
    cluster=$ETCD_INITIAL_CLUSTER token=$ETCD_INITIAL_CLUSTER_TOKEN
    unset ETCD_INITIAL_CLUSTER ETCD_INITIAL_CLUSTER_TOKEN
    exec "$@" --initial-cluster-state=new "--initial-cluster=$cluster" "--initial-cluster-token=$token"
fi

if [ ! -d "$data/member/wal" ] || [ -z "$(ls -A "$data/member/wal" 2>/dev/null)" ]; then
    echo "etcd data is missing on a cluster that was initialised: refusing to start a new one" >&2
    echo "$data/member holds no write-ahead log; bring the data back, or replace this member" >&2
    exit 78
fi
exec "$@" --initial-cluster-state=existing
