"""A rehearsal: the next issue is sent to a provider that is played on this machine, while things go wrong.

```
run.py rehearse ──► copying.py    a copy of the database in a folder that only we may read; other links, no secrets
                ──► delivery/fake the configured provider's protocol on loopback, with a truth log of its own
                ──► staging.py    in a process of its own that can reach loopback alone: freeze the issue, then send
                │                 it in children that are killed, to a provider that fails; then leave it alone
                ──► verdict.py    the ledger held against the truth log
```

No reader is mailed and nothing of the workspace is changed: the stage knows neither the configured provider's keys nor
its address, and its folder is removed in the end, however it ends.
"""
