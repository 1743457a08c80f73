"""A chat service on the loopback that proposes what the test tells it, honestly or not, over real HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def completion(text):
    """A chat completion's body that answers with `text`."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


class Service:
    """`requests` are the bodies that came in, `paths` and `keys` their paths and Authorization headers.

    `behave` writes the answer to the handler; by default `text` as a completion.
    """

    def __init__(self, text=""):
        self.text = text
        self.requests, self.paths, self.keys = [], [], []
        self.behave = lambda handler: send(handler, completion(self.text))
        self.url = ""


def send(handler, body, *, status=200, length=None, **headers):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def stall(handler):
    time.sleep(3)


def drip_headers(handler):
    """A header byte now and then: each keeps a limit per read alive, and none of them ends the headers."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(60):
        time.sleep(0.1)
        handler.wfile.write(b"x")
        handler.wfile.flush()


def drip_body(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(60):
        time.sleep(0.1)
        handler.wfile.write(b" ")
        handler.wfile.flush()


def break_off(handler):
    send(handler, completion("Half a sen")[:30], length=5000)
    handler.close_connection = True


def endless(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        handler.wfile.write(b" " * 65536)


@contextmanager
def serving(text="") -> Iterator[Service]:
    service = Service(text)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            service.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            service.paths.append(self.path)
            service.keys.append(self.headers["Authorization"])
            try:
                service.behave(self)
            except OSError:
                self.close_connection = True  # the reader hung up, as it should

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            """A reader that hangs up is what the tests are about, not an error to print."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
