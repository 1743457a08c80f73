"""The project's own settings, over a workspace that lasts as long as the test process."""

import os
import tempfile

_workspace = tempfile.mkdtemp(prefix="tipsheet-tests-")
os.environ["PIPELINE_HOME"] = _workspace

from pipeline.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
