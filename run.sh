#!/usr/bin/env bash
# Starts the service with everything it needs on http://127.0.0.1:5080. Arguments and environment variables are passed on;
# docs/operating.md lists them.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$root/.ci/prerequisites.sh"

need_dotnet
case " ${ConnectionStrings__Platform:+set} $* " in
    *" set "* | *--ConnectionStrings:Platform* | *" openapi "* | *" healthcheck "* | *" help "*) ;;
    *) need_postgres ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if ! log="$(dotnet build "$root/src/PersonalizationPlatform" -c Release -v quiet 2>&1)"; then
    echo "$log" >&2
    exit 1
fi

export ASPNETCORE_URLS="${ASPNETCORE_URLS:-http://127.0.0.1:5080}"
export Data__Directory="${Data__Directory:-$root/.data}"
# Replaces this shell, so that Ctrl-C and a service manager's signals reach the service itself.
exec dotnet "$root/src/PersonalizationPlatform/bin/Release/net10.0/PersonalizationPlatform.dll" "$@"
