#!/bin/sh
# Whether this machine's own API server is ready, its etcd included. Usage: slipway-api-ready AUTHORITY CERTIFICATE KEY URL.
exec curl --silent --show-error --fail --output /dev/null --max-time 2 --cacert "$1" --cert "$2" --key "$3" "$4"
