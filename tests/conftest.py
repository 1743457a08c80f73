"""What holds for every test."""

from hypothesis import settings

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("tipsheet", deadline=None)
settings.load_profile("tipsheet")
