"""Thrift with headers (THeaderTransport), which the library for Python has.

thrift_header.py GENERATED serve PORT
thrift_header.py GENERATED HOST PORT binary|compact plain|zlib     calls, and prints what it did as JSON
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from shop import Shop  # noqa: E402
from shop.ttypes import Colour, Item, Key, NotFound  # noqa: E402
from thrift.protocol.THeaderProtocol import THeaderProtocol, THeaderProtocolFactory  # noqa: E402
from thrift.server import TServer  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402
from thrift.transport.THeaderTransport import THeaderClientType, THeaderSubprotocolID, THeaderTransformID  # noqa: E402


class Handler:
    def ping(self):
        pass

    def echo(self, text):
        return text

    def get(self, key):
        if key.id is None:
            raise NotFound(what=key.name, colour=Colour.BLUE)
        return Item(name="item %d" % key.id, colour=Colour.RED)

    def add(self, a, b):
        return a + b

    def log(self, line):
        pass


def serve(port):
    server = TServer.TThreadedServer(
        Shop.Processor(Handler()),
        TSocket.TServerSocket("::", int(port)),
        TTransport.TTransportFactoryBase(),
        THeaderProtocolFactory(),
        daemon=True,
    )
    server.serve()


def ask(host, port, written, compressed):
    socket = TSocket.TSocket(host, int(port))
    ids = {"binary": THeaderSubprotocolID.BINARY, "compact": THeaderSubprotocolID.COMPACT}
    protocol = THeaderProtocol(socket, (THeaderClientType.HEADERS,), ids[written])
    if compressed == "zlib":
        protocol.add_transform(THeaderTransformID.ZLIB)
    client = Shop.Client(protocol)
    socket.open()
    done = []

    def call(service, method, params, args, returned, exceptions=None):
        # Headers are sent with the next call alone.
        protocol.set_header(b"trace", b"f00d-%d" % len(done))
        entry = {"method": method, "service": service, "params": params}
        if returned is not None:
            entry["returned"] = returned
        if exceptions is not None:
            entry["exceptions"] = exceptions
        done.append(entry)
        try:
            getattr(client, method)(*args)
            assert exceptions is None, method
        except NotFound:
            assert exceptions is not None, method

    call("Base", "ping", "()", (), "")
    text = '"%s..."' % ("ab" * 100)
    call("Base", "echo", "(text: %s)" % text, ("ab" * 150,), text)
    call("Shop", "add", "(a: -3, b: 5)", (-3, 5), "2")
    call("Shop", "get", "(key: (id: 9))", (Key(id=9),), '(name: "item 9", colour: RED, weight: 1.5)')
    missing = '(missing: (what: "hat", colour: BLUE))'
    call("Shop", "get", '(key: (name: "hat"))', (Key(name="hat"),), "", missing)
    call("Shop", "log", '(line: "gone")', ("gone",), None)
    call("Shop", "add", "(a: 1, b: 1)", (1, 1), "2")
    socket.close()
    print(json.dumps(done))


if sys.argv[2] == "serve":
    serve(sys.argv[3])
else:
    ask(*sys.argv[2:])
