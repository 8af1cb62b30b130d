"""`python -m tests.fake_telegram --port 0`: prints the address that it listens on as one line of JSON, then serves."""

from __future__ import annotations

import argparse
import json
import socket

import uvicorn

from tests.fake_telegram.app import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="fake_telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    port = parser.parse_args().port
    # With the protocol named, asyncio switches Nagle's algorithm off; else every answer waits 40 ms for an ACK.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(256)
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
    config = uvicorn.Config(Server().app(), log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
