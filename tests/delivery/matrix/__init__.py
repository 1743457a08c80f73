"""The fault matrix: what may go wrong with an issue, at which step, and that nobody is mailed twice or forgotten.

    python -m tests.delivery.matrix --whole FILE          # everything, on both databases, in slices
    python -m tests.delivery.matrix --report FILE         # the tables of what came of it
    python -m tests.delivery.matrix --fast                # a sample, in under a minute
    python -m tests.delivery.matrix                       # every cell of the table, over every class of provider
    python -m tests.delivery.matrix --kills 10000         # kills at random lines and moments, over every provider
    python -m tests.delivery.matrix --cold 300            # `run.py` from outside, at random moments
    python -m tests.delivery.matrix --times               # how late the first mail leaves, how soon leaving works
    … --postgres                                          # the same on a PostgreSQL that is started for it

| module | what it is |
|---|---|
| table.py, scenes.py | rows, faults, and for each cell why it makes no sense, or what is done |
| world.py | a workspace in memory, put back before each cell; children that are forked from a loaded process |
| faults.py | what goes wrong: in the process, in the database, at the provider |
| kills.py | random kills of the sender, message after message |
| cold.py | random kills of cold commands |
| times.py | lateness, and from an unsubscribe to its effect |
| whole.py | everything in slices, and the tables of its results |

The judge is the truth log of the provider, which is another process (`pipeline/delivery/fake`), or the outbox's folder:
never the ledger itself. Each command prints one JSON object, and ends with 1 if anybody was mailed twice or forgotten.
"""
