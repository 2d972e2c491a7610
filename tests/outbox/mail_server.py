"""A mail server for tests: it can be down, hang, refuse, and die at any word of the conversation."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """`dies_after`: how many mails it takes before it closes the connection without a word.
    `deaf`: takes connections and says nothing. `refuses`: recipient → answer."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.received: list[EmailMessage] = []
        self.dies_after: int | None = None
        self.swallows_the_answer = False
        self.deaf = False
        self.refuses: dict[str, str] = {}
        self.lock = threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept()
        self.socket.close()

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.received]

    @property
    def is_dead(self) -> bool:
        return self.dies_after is not None and len(self.received) >= self.dies_after

    def _serve(self) -> None:
        waiting = []  # deaf: kept open, never answered
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                break
            if self.deaf:
                waiting.append(connection)
                continue
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()
        for connection in waiting:
            connection.close()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as wire, contextlib.suppress(OSError, ValueError):

            def say(words: str) -> None:
                wire.write(words.encode() + b"\r\n")
                wire.flush()

            if self.is_dead:
                return
            say("220 da")
            for line in wire:
                word = line.decode().strip()
                verb = word[:4].upper()
                if verb == "EHLO":
                    say("250 gut")
                elif verb == "RCPT":
                    recipient = word.partition("<")[2].partition(">")[0]
                    say(self.refuses.get(recipient, "250 gut"))
                elif verb == "DATA":
                    if self.is_dead:
                        return
                    say("354 bitte")
                    body = b"".join(iter(wire.readline, b".\r\n"))
                    with self.lock:
                        self.received.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
                    if self.swallows_the_answer:
                        return
                    say("250 angenommen")
                elif verb == "QUIT":
                    say("221 tschüs")
                    return
                else:
                    say("250 gut")


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    try:
        yield server
    finally:
        server.close()
