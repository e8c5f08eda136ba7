#!/usr/bin/env bash
# Builds the C++ tests with AddressSanitizer and UndefinedBehaviorSanitizer, then with ThreadSanitizer, and runs them.

set -euo pipefail
cd "$(dirname "$0")/.."

check() { # check NAME FLAGS [CTEST-OPTIONS...]
  # Optimised a little, but for the tests themselves, and with line numbers only: built and run in the least time together.
  cmake -S . -B "build-$1" -DCMAKE_BUILD_TYPE= -DCMAKE_CXX_FLAGS="-O1 -g1 -fno-omit-frame-pointer $2" -DTEST_FLAGS=-O0 >/dev/null
  cmake --build "build-$1" --target native_tests -j 2 | grep -v '^\[' || true
  ctest --test-dir "build-$1" --output-on-failure -j 2 "${@:3}"
}

check asan '-fsanitize=address,undefined -fno-sanitize-recover=all'
# One thread reads captures in every cut, for a minute and more: nothing that ThreadSanitizer could find.
check tsan '-fsanitize=thread' --exclude-regex '^capture_reader_test$'
