"""What providers tell of mail that they took: bounces, complaints, deliveries, their own unsubscribe button.

    a provider ──POST──► views.py: closed? too large?
                           │
                         proofs.py: signed, fresh, not told with other words before? (sns.py, svix.py: two by ourselves)
                           │
                         reading.py: django-anymail's normalised events → EventReport, tied to a delivery of ours
                           │
                         delivery: stored in one transaction ──► 200 ──► applied

A call is answered with 2xx only once its events are stored. Whoever cannot prove who is calling is refused before
anything is read, and a provider for which no secret is configured has no address here at all.
"""
