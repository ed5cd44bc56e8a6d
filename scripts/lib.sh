# shellcheck shell=bash
#
# What the scripts share: where things are, lines with the time, and jobs that run at
# the same time with their output in files. Sourced, never run.

# shellcheck disable=SC2034 # the scripts that source this use them
{
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  cache=${SLIPWAY_CACHE:-/var/cache/slipway}
  # Clusters of tests and of the demo take turns on a host. Nothing else takes this lock.
  host_lock=/var/lock/slipway-e2e.lock
}

# ---- saying ----------------------------------------------------------------

# Milliseconds. EPOCHREALTIME has the locale's decimal sign.
now() { printf '%s' $((${EPOCHREALTIME/[!0-9]/} / 1000)); }

# Scripts that are called by others go on with their clock.
export SLIPWAY_SCRIPT_BEGAN=${SLIPWAY_SCRIPT_BEGAN:-$(now)}

# Milliseconds as seconds with one digit.
seconds() { printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

since() { seconds $(($(now) - $1)); }

say() { printf '%8ss  %s\n' "$(since "$SLIPWAY_SCRIPT_BEGAN")" "$*"; }

indent() { sed 's/^/           /'; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# ---- jobs ------------------------------------------------------------------

declare -A job_pid=() job_log=() job_began=()

# start_job NAME LOG COMMAND...: in a session of its own, so that all of it can be ended.
start_job() {
  local name=$1 log=$2
  shift 2
  mkdir -p "$(dirname "$log")"
  say "$name: started, output in ${log#"$root"/}"
  setsid "$@" >"$log" 2>&1 </dev/null &
  job_pid[$name]=$!
  job_log[$name]=$log
  job_began[$name]=$(now)
}

# Waits for a job's end; says twice a minute how far it is. Returns its status.
await_job() {
  local name=$1 pid=${job_pid[$1]} log=${job_log[$1]} status=0 next=$((SECONDS + 30))
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    ((SECONDS < next)) && continue
    next=$((SECONDS + 30))
    say "$name: $(tail -c 400 "$log" | tr '\r' '\n' | grep -v '^ *$' | tail -n 1 | cut -c 1-55)"
  done
  wait "$pid" || status=$?
  unset "job_pid[$name]"
  if ((status == 0)); then
    say "$name: done after $(since "${job_began[$name]}") s"
  else
    say "$name: FAILED with status $status after $(since "${job_began[$name]}") s"
    show_failure "$log"
  fi
  return "$status"
}

# Ends what is still running. For the scripts' EXIT trap.
stop_jobs() {
  local name
  for name in "${!job_pid[@]}"; do
    kill -TERM -- "-${job_pid[$name]}" 2>/dev/null || true
    wait "${job_pid[$name]}" 2>/dev/null || true
    unset "job_pid[$name]"
  done
}

# The lines of a log that say why, or its end.
show_failure() {
  local lines
  lines=$(grep -E '(^|[: ])error: |recorded an issue|^✘ ' "$1" | head -n 40) || true
  [[ -n $lines ]] || lines=$(tail -n 20 "$1")
  indent <<<"$lines"
  say "more in ${1#"$root"/}"
}

# ---- places ----------------------------------------------------------------

# python_env [NAME]: the Python environment that scripts/python-env makes, with kubectl, or
# of NAME's own list. Another list of packages, or another Python, is another environment.
python_env() {
  local digest
  digest=$({ cat "$root/scripts/requirements${1:+-$1}.txt" && /usr/bin/python3 --version; } | sha256sum)
  printf '%s/python/%s' "$cache" "${digest:0:12}"
}
