#!/usr/bin/env bash
# Builds with warnings as errors, checks the formatting and runs every test. The last line counts them.
# Arguments go to the test runner of the service, e.g. ./test.sh -class "*KeyTests"; then no others are run.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$root/.ci/prerequisites.sh"

need_dotnet
need_postgres
need_node
need_chromium

cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log="$(mktemp)" sdk_report="$(mktemp)"
trap 'rm -f "$log" "$sdk_report"' EXIT

finish() {
    echo "$1 passed, $2 failed"
    [ "$1" -gt 0 ] && [ "$2" -eq 0 ] && exit 0
    exit 1
}

# Tools of one folder, fetched again only when the list of them has changed.
fetch() {
    if [ ! -e "$1/node_modules/.package-lock.json" ] || [ "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]; then
        echo "Fetching what $1 needs"
        (cd "$1" && npm ci --silent --no-audit --no-fund) || finish 0 1
    fi
}

# The unmodified official clients, which pages of the tests run.
fetch tests/storefront-clients
(cd tests/storefront-clients && npm run --silent build) || finish 0 1
echo "Checking the demo storefront"
fetch src/demo-storefront
(cd src/demo-storefront && npm run --silent check) || finish 0 1
echo "Checking the storefront SDK"
fetch src/storefront-sdk
(cd src/storefront-sdk && npm run --silent check) || finish 0 1
sdk_passed=0 sdk_failed=0
if [ "$#" -eq 0 ]; then
    sdk_status=0
    (cd src/storefront-sdk && npm test --silent -- --reporter=default --reporter=json --outputFile="$sdk_report") || sdk_status=$?
    reported() { node -p "JSON.parse(require('fs').readFileSync(process.argv[1])).$1" "$sdk_report" 2>/dev/null || echo 0; }
    sdk_passed="$(reported numPassedTests)" sdk_failed="$(reported numFailedTests)"
    if [ "$sdk_status" -ne 0 ] && [ "$sdk_failed" -eq 0 ]; then
        sdk_failed=1
    fi
fi

echo "Building"
dotnet build PersonalizationPlatform.sln -c Release -v quiet || finish 0 1
echo "Checking the formatting"
dotnet format PersonalizationPlatform.sln --verify-no-changes --no-restore || finish 0 1
echo "Testing"
status=0
dotnet tests/PersonalizationPlatform.Tests/bin/Release/net10.0/PersonalizationPlatform.Tests.dll -noColor "$@" 2>&1 | tee "$log" || status=$?

# "Total: 58, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0": errors are failures outside of any one test.
count() { grep -E 'Total: [0-9]+' "$log" | tail -n 1 | sed -nE "s/.*$1: ([0-9]+).*/\1/p"; }
total="$(count Total)" failed="$(count Failed)" errors="$(count Errors)" skipped="$(count Skipped)" left_out="$(count 'Not Run')"
failures=$((${failed:-0} + ${errors:-0}))
if [ "$status" -ne 0 ] && [ "$failures" -eq 0 ]; then
    echo "The test runner itself ended with $status."
    failures=1
fi
if [ "$failures" -gt 0 ]; then
    echo "Failed:"
    grep -A 12 -F '[FAIL]' "$log" | cut -c 1-400 | tail -n 120 || true
fi
finish $((${total:-0} - ${failed:-0} - ${skipped:-0} - ${left_out:-0} + sdk_passed)) $((failures + sdk_failed))
