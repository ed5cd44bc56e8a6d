#!/bin/sh
# Names every program that this machine lacks, one line each: program, a space, the Debian package that brings it.
# Arguments: PROGRAM:PACKAGE... A program with a slash is a path, any other is looked for in PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
missing=0
for pair; do
    program=${pair%%:*}
    case $program in
    /*) [ -x "$program" ] ;;
    *) command -v "$program" >/dev/null 2>&1 ;;
    esac || {
        echo "$program ${pair##*:}"
        missing=1
    }
done
exit $missing
