"""One provider a file: how its API reads a call, what it substitutes, refuses and answers, and what its log shows."""
