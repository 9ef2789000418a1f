#!/bin/sh
# Runs every test that `make check` has not run, those of the devices beside the rest, and says what failed last of all, where a
# log is read first.
# Usage: suite.sh PYTHON
set -u
mkdir -p build
devices_log=build/devices.txt
others_log=build/others.txt
: >$others_log

"$1" -m pytest tests/devices >$devices_log 2>&1 &
devices=$!
# Most of a story is waiting for a page, and what reads cards mostly waits for a reader: it goes before the rest, or the reader
# would be too slow. Three processes on two cores.
nice "$1" -m pytest --ignore tests/devices --ignore tests/test_architecture.py --ignore tests/test_docs.py \
    --numprocesses $(((3 * $(nproc) + 1) / 2)) --dist loadfile --no-loadscope-reorder >$others_log 2>&1 &
others=$!
trap 'kill $devices $others' INT TERM
tail --follow --lines=+1 --pid=$others $others_log
wait $others
others_ended=$?
wait $devices
devices_ended=$?
cat $devices_log
[ $others_ended = 0 ] && [ $devices_ended = 0 ] && exit 0

echo "Not everything passed: devices ended with $devices_ended, the others with $others_ended."
[ $devices_ended = 0 ] || tail --lines=100 $devices_log
[ $others_ended = 0 ] || tail --lines=100 $others_log
grep -hE '^(FAILED|ERROR) ' $devices_log $others_log
exit 1
