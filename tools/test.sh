#!/usr/bin/env bash
# Runs everything `make test` promises. What tests need of the system is asked of its package manager
# when that is allowed, else named in one command.
set -euo pipefail
cd "$(dirname "$0")/.."
BIN=.venv/bin
export JIANGHENG_VAR="$PWD/var/test"
mkdir -p "$JIANGHENG_VAR"

# The budget: seconds by step, and what of the forty minutes is left.
limit=2400
names=(); spent=(); began=$SECONDS
step() { finish; names+=("$1"); started=$SECONDS; printf '\n== %s\n' "$1"; }
finish() { [ ${#names[@]} -eq ${#spent[@]} ] || spent+=($((SECONDS - started))); }
budget() {
    [ ${#names[@]} -gt 0 ] || return 0
    finish
    printf '\n== budget, seconds by step\n'
    for place in "${!names[@]}"; do printf '%6d  %s\n' "${spent[$place]}" "${names[$place]}"; done
    printf '%6d  all, of %d\n' $((SECONDS - began)) "$limit"
    [ $((SECONDS - began)) -le "$limit" ] || printf 'over the budget: take out elsewhere what was added\n'
}

step "setup"
packages=()
command -v chromium >/dev/null || packages+=(chromium)
server=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$server" ] && [ -x "$server/initdb" ] || packages+=(postgresql)
command -v pdftotext >/dev/null || packages+=(poppler-utils)
# counted, not asked with -q: that would end fc-list by a broken pipe, and pipefail would call it missing
fc-list 2>/dev/null | grep -ci "cjk" >/dev/null || packages+=(fontconfig fonts-noto-cjk)
if [ ${#packages[@]} -gt 0 ]; then
    install="apt-get install -y --no-install-recommends ${packages[*]}"
    if [ "$(id -u)" = 0 ]; then prefix=""; elif sudo -n true 2>/dev/null; then prefix="sudo"; else
        echo "测试需要系统软件包，请先运行： sudo $install" >&2
        exit 1
    fi
    if ! command -v apt-get >/dev/null; then
        echo "测试需要这些软件：${packages[*]}，请用本系统的包管理器安装后重试。" >&2
        exit 1
    fi
    $prefix apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $prefix $install -qq >/dev/null
    server=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
fi

# A PostgreSQL of our own, on a socket in a short-lived folder, gone when we are.
cluster=$(mktemp -d /tmp/jiangheng-pg.XXXXXX)
as_server() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop() { as_server "$server/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$cluster"; }
trap 'budget; stop' EXIT  # told also where a step failed
[ "$(id -u)" = 0 ] && chown postgres "$cluster"
as_server "$server/initdb" -D "$cluster/data" -U jiangheng -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
as_server "$server/pg_ctl" -D "$cluster/data" -w -l "$cluster/log" \
    -o "-c listen_addresses='' -k $cluster -c fsync=off -c max_connections=200" start >/dev/null
chmod 755 "$cluster"
postgres="postgresql://jiangheng@/jiangheng?host=$cluster"

# Every commit draws another tenth of what `make drill` runs whole; the seed repeats it.
export JIANGHENG_SEED="${JIANGHENG_SEED:-$(git rev-parse --short HEAD 2>/dev/null || echo none)}"
printf 'JIANGHENG_SEED=%s\n' "$JIANGHENG_SEED"
rooms=$(ls -d tests/*/ | grep -vE 'tests/(rules|guards|journeys|__pycache__)/')
tests() { $BIN/pytest "$@" -p no:cacheprovider; }

step "lint";       $BIN/ruff check . ; $BIN/ruff format --check --quiet .
step "messages";   $BIN/python -m tools.messages --check ; $BIN/python -m tools.messages --compile
step "workflow";   $BIN/python -m tools.workflow --check; $BIN/python -m tools.refusals --check
step "types";      $BIN/mypy --no-error-summary jiangheng
step "contracts";  $BIN/lint-imports --no-cache | tail -n 8
step "migrations"; JIANGHENG_SECRET_KEY=check $BIN/python manage.py makemigrations --check --dry-run
step "rules and guards, once"
tests tests/rules tests/guards -n 2 --dist loadgroup  # the world of who sees what is played on one worker
step "actions, queries, races and triggers on SQLite"
tests $rooms -n 2 -m "not pages"
step "rooms with their pages, forms and API on PostgreSQL"
JIANGHENG_DATABASE_URL="$postgres" tests $rooms -n 2
step "benches, each in its smallest size"
$BIN/python -m bench --smallest
step "journeys in a browser"
DJANGO_ALLOW_ASYNC_UNSAFE=1 tests tests/journeys
