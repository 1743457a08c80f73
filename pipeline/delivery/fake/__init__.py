"""A provider of our own, on loopback: it speaks the protocol of every adapter, takes mail that goes nowhere, and fails
on demand. The tests and `run.py rehearse` send to it.

```
adapter ──HTTP──► server.py ──► faults.py: fail now?        smtp.py: the same over SMTP
                     │             │ before: nothing is taken      after: taken, and no good answer
                     ▼
                protocols/<provider>.py: reads the call as that provider would, substitution and refusals included
                     │
                     ▼
                truth.py: every mail that was taken, one line a call, on the disk before the answer leaves
```

It also tells of what it took, as the provider would: again, out of order, and by a forger (telling.py, told.py).

The truth log is what the ledger is compared with. It is written by another process than the sender's, and knows
nothing of the ledger: what it does not hold was not sent, and what it holds twice was sent twice.

Run it with `python -m pipeline.delivery.fake --truth FILE`; it says its address in one line of JSON, and ends by
itself when its standard input is closed or its time is up. A protocol is one file in `protocols/`, found by itself.
"""
