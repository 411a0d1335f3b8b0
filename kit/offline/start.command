#!/bin/sh
# Double-click, or: sh start.sh
cd "$(dirname "$0")" || exit 1
for python in python@PYTHON@ python3 python; do
    if "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' 2>/dev/null; then
        "$python" start.py "$@"
        code=$?
        [ $code -eq 0 ] || [ ! -t 0 ] || { echo "Enter / Entrée"; read -r _; }
        exit $code
    fi
done
echo "Python @PYTHON@ is needed, and is not on this computer."
echo "Il faut Python @PYTHON@, qui n'est pas sur cet ordinateur."
[ ! -t 0 ] || read -r _
exit 1
