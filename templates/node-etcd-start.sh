#!/bin/sh
# Starts etcd: usage slipway-etcd-start ETCD [FLAG...]. Without data it starts only while the one-shot formation file is
# there, which says whether the cluster is a new one (once in its life) or one that this member joins, and which is taken
# away right afterwards. Without it, and without data, it refuses.
set -eu
formation=/etc/slipway/etcd-formation.env
data=/var/lib/etcd

if [ -e "$formation" ]; then
    ETCD_INITIAL_CLUSTER= ETCD_INITIAL_CLUSTER_TOKEN= ETCD_INITIAL_CLUSTER_STATE=
    # shellcheck source=/dev/null
    . "$formation"
    if [ -z "$ETCD_INITIAL_CLUSTER" ] || [ -z "$ETCD_INITIAL_CLUSTER_TOKEN" ]; then
        echo "$formation names no members or no token: refusing to start etcd" >&2
        exit 78
    fi
    case $ETCD_INITIAL_CLUSTER_STATE in
    new) echo "forming a new etcd cluster under token $ETCD_INITIAL_CLUSTER_TOKEN" >&2 ;;
    existing) echo "joining the etcd cluster $ETCD_INITIAL_CLUSTER" >&2 ;;
    *)
        echo "$formation does not say whether the cluster is new: refusing to start etcd" >&2
        exit 78
        ;;
    esac
    cluster=$ETCD_INITIAL_CLUSTER token=$ETCD_INITIAL_CLUSTER_TOKEN state=$ETCD_INITIAL_CLUSTER_STATE
    unset ETCD_INITIAL_CLUSTER ETCD_INITIAL_CLUSTER_TOKEN ETCD_INITIAL_CLUSTER_STATE
    exec "$@" "--initial-cluster-state=$state" "--initial-cluster=$cluster" "--initial-cluster-token=$token"
fi

if [ ! -d "$data/member/wal" ] || [ -z "$(ls -A "$data/member/wal" 2>/dev/null)" ]; then
    echo "etcd data is missing on a cluster that was initialised: refusing to start a new one" >&2
    echo "$data/member holds no write-ahead log; bring the data back, or replace this member" >&2
    exit 78
fi
exec "$@" --initial-cluster-state=existing
