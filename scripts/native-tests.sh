#!/usr/bin/env bash
# Builds the C++ tests with sanitizers, and runs them. `memory`: AddressSanitizer and UndefinedBehaviorSanitizer;
# `threads`: ThreadSanitizer.

set -euo pipefail
cd "$(dirname "$0")/.."

check() { # check NAME FLAGS [CTEST-OPTIONS...]
  # Many files at once, optimised a little but for the tests themselves, and with line numbers only: built and run in the
  # least time together.
  cmake -S . -B "build-$1" -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=20 -DCMAKE_BUILD_TYPE= -DCMAKE_CXX_FLAGS="-O1 -g1 -fno-omit-frame-pointer $2" -DTEST_FLAGS=-O0 >/dev/null
  cmake --build "build-$1" --target native_tests -j 2 | grep -v '^\[' || true
  ctest --test-dir "build-$1" --output-on-failure -j 2 "${@:3}"
}

case "${1:-}" in
  memory) check memory '-fsanitize=address,undefined -fno-sanitize-recover=all' ;;
  # One thread reads captures in every cut, for a minute and more: nothing that ThreadSanitizer could find.
  threads) check threads '-fsanitize=thread' --exclude-regex '^capture_reader_test$' ;;
  *) echo "usage: $0 memory|threads" >&2 && exit 2 ;;
esac
