"""Documents: bytes, a file or a URL in; canonical text with sections, blocks and sentences out.

`read` takes bytes and a name; `read_path` and `find` (files.py) take files and folders; `fetch` (fetch.py) takes a
URL. Formats are plug-ins under `formats/`. Nothing here touches a database, the clock or, but for `fetch`, the
network; importing this package loads no parser.
"""

from pipeline.documents.errors import DocumentError
from pipeline.documents.reading import read

__all__ = ["DocumentError", "read"]
