#!/usr/bin/env bash
# Builds the C++ tests with AddressSanitizer and UndefinedBehaviorSanitizer, then with ThreadSanitizer, and runs them.

set -euo pipefail
cd "$(dirname "$0")/.."

check() { # check NAME FLAGS
  cmake -S . -B "build-$1" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS="$2 -fno-omit-frame-pointer" >/dev/null
  cmake --build "build-$1" --target native_tests -j 2 | grep -v '^\[' || true
  ctest --test-dir "build-$1" --output-on-failure -j 2
}

check asan '-fsanitize=address,undefined -fno-sanitize-recover=all'
check tsan '-fsanitize=thread'
