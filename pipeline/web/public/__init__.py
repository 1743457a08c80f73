"""The pages for readers: subscribe, confirm, unsubscribe, preferences, and the newsletters' files.

They need no script and set no cookie. A GET never changes anything, because programs follow links too. What a reader
may do is proved by the token in the link of their mail and by nothing else, so that these forms need no CSRF token:
another site could post to them no more than what the person holding the link could.
"""
