"""The only writers of the editorial stage.

One module for each thing that is acted on: newsletters, ingest, tips, queue, issues. Every function is keyword-only,
owns its transaction, takes `now` and the `actor`'s name, and writes the audit log in that transaction. `lifecycle` and
`revise` are what they share.
"""
