#!/bin/sh
# Names, versions and hashes of everything in requirements/*.in; no address of any registry.
set -eu
cd "$(dirname "$0")/../requirements"
tool=../build/lock
python3 -m venv "$tool"
"$tool/bin/pip" install --quiet --disable-pip-version-check uv
compile="$tool/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --python-version 3.11"
$compile run.in -o run.txt
$compile develop.in -c run.txt -o develop.txt
$compile --no-deps files.in -o files.txt
