"""The measurements that README quotes: one command for each row of its table, and one for all of them.

    python -m bench                every row; writes bench/results.md
    python -m bench.opening        20, 100, 300 and 1,000 people open the page at once
    python -m bench.memory         memory that a connected person adds
    python -m bench.first_load     bytes, requests and other hosts of a first and a second load
    python -m bench.phone          until the form can be used on a slow phone
    python -m bench.saving         from a change to "saved"
    python -m bench.idle           processor time while everyone reads
    python -m bench.capacity       answers a second, until "saved" takes too long
    python -m bench.cold           from the command until the first participant's answer is saved
    python -m bench.soak           hours of a workshop in miniature: nothing may be left behind
    python -m bench.peers          the same worksheet in Solara, Panel and Streamlit

Each has --help and --json. Everything runs on this machine, over the loopback address. Linux only:
what processes use is read from /proc.
"""
