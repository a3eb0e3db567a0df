"""Publishers with sites of their own: a proxy on loopback that answers for their hosts, over TLS, from the world."""

import datetime as dt
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ..server import World


@contextmanager
def answering_for(world: World, hosts: Sequence[str], folder: Path) -> Iterator[dict[str, str]]:
    """Answer for some hosts until the block ends; gives the settings that lead a client here and make it trust us."""
    pem = certificate(hosts, folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    answer = world.handler()

    class Door(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            if self.path.partition(":")[0] in hosts:
                with context.wrap_socket(self.connection, server_side=True) as through:
                    answer(through, self.client_address, self.server)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # because a client that hangs up is no fault of ours
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield {"HTTPS_PROXY": at, "https_proxy": at, "NO_PROXY": "", "no_proxy": "", "REQUESTS_CA_BUNDLE": str(pem)}
    finally:
        server.shutdown()
        server.server_close()


def certificate(hosts: Sequence[str], folder: Path) -> Path:
    """A key and a certificate for some hosts that only who is told of it trusts."""
    x509 = pytest.importorskip("cryptography.x509", reason="needs cryptography to make a certificate")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "publishers on loopback")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = folder / "publishers.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return pem
