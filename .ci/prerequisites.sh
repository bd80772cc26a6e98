# What run.sh and test.sh need on the machine. Sourced, not run.

need_dotnet() {
    if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
        export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"
    fi
    if command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; then
        return
    fi
    cat >&2 <<'MESSAGE'
The .NET 10 SDK is needed and was not found. Install it, then start again:

  Debian, Ubuntu   sudo apt-get install dotnet-sdk-10.0
                   (Debian needs Microsoft's package feed: https://learn.microsoft.com/dotnet/core/install/linux-debian)
  Fedora           sudo dnf install dotnet-sdk-10.0
  macOS            brew install --cask dotnet-sdk
  anywhere         https://dotnet.microsoft.com/download/dotnet/10.0
MESSAGE
    exit 1
}

# Whether PostgreSQL 15 or newer is here; the same places the program itself looks in.
have_postgres() {
    local directory version
    for directory in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
        "$(dirname "$(readlink -f "$(command -v pg_ctl || echo /none/none)")")" "$(pg_config --bindir 2>/dev/null || true)"; do
        if [ -x "$directory/initdb" ] && [ -x "$directory/pg_ctl" ] && [ -x "$directory/postgres" ]; then
            version=$("$directory/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
            if [ "${version:-0}" -ge 15 ]; then
                return 0
            fi
        fi
    done
    return 1
}

need_postgres() {
    if have_postgres; then
        return
    fi
    if command -v apt-get >/dev/null; then
        local as_root=""
        [ "$(id -u)" -eq 0 ] || as_root="sudo"
        echo "PostgreSQL is not here yet: installing it from the system's packages." >&2
        $as_root apt-get update -qq >&2 \
            && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >&2 || true
        if have_postgres; then
            return
        fi
        echo "The system's packages did not give PostgreSQL 15 or newer." >&2
    fi
    cat >&2 <<'MESSAGE'
PostgreSQL 15 or newer is needed. Install its server programs, then start again:

  Debian, Ubuntu   sudo apt-get install postgresql
  Fedora           sudo dnf install postgresql-server
  Alpine           apk add postgresql
  macOS            brew install postgresql@17

To run the service on a server of your own instead, set ConnectionStrings__Platform,
e.g. "Host=db.example;Database=platform;Username=platform;Password=…".
MESSAGE
    exit 1
}

# Installs a system package with apt where there is one; quiet when it cannot.
install_package() {
    command -v apt-get >/dev/null || return 0
    local as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    echo "$1 is not here yet: installing it from the system's packages." >&2
    shift
    $as_root apt-get update -qq >&2 && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 || true
}

# Node.js builds and tests what runs in a browser; the service itself does not need it.
need_node() {
    command -v npm >/dev/null && command -v node >/dev/null || install_package Node.js nodejs npm
    if ! command -v npm >/dev/null || [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -lt 18 ]; then
        echo "Node.js 18 or newer with npm is needed for the tests of what runs in a browser: https://nodejs.org" >&2
        exit 1
    fi
}

# The tests of pages run in a real browser. CHROMIUM says which; else the first one found.
need_chromium() {
    local name
    for attempt in found installed; do
        for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
            if [ -n "$name" ] && command -v "$name" >/dev/null; then
                CHROMIUM="$(command -v "$name")"
                export CHROMIUM
                return
            fi
        done
        [ "$attempt" = installed ] || install_package Chromium chromium fonts-dejavu-core
    done
    echo "Chromium or Chrome is needed for the tests of pages. Install it, or name it: CHROMIUM=/path/to/chromium" >&2
    exit 1
}
