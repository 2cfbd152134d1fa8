#!/usr/bin/env python3
"""Load on `leat serve`: mixed requests at a steady rate beside many open event streams.

    Benchmarks/serve-load.py LEAT [--rate 200] [--streams 500] [--seconds 60]

Starts a server over a project of its own, logs in with a session as a browser does, and prints the times of the requests, counted from
the moment at which each was due (so that a slow server cannot slow down the questions), what failed, and the server's memory and CPU.
Needs nothing but Python 3.9; the load itself takes part of the same cores.
"""

import argparse
import asyncio
import os
import re
import subprocess
import tempfile
import time

PROJECT = """\
name: load
version: 1
sources:
  shop: {connector: postgres, config: {host: localhost, port: 1, database: d, username: u}}
destinations:
  warehouse: {connector: postgres, config: {host: localhost, port: 1, database: d, username: u}}
connections:
  Orders: {source: shop, destination: warehouse, streams: [{name: orders}]}
pipelines:
""" + "".join(f"""\
  p{number}:
    tasks:
      first: {{empty: true}}
      second: {{empty: true, after: [first]}}
      third: {{empty: true, after: [second]}}
""" for number in range(20))

PATHS = [
    "/", "/pipelines", "/pipelines/p1?view=grid", "/pipelines/p2?view=graph", "/runs", "/lineage", "/health",
    "/api/leat/v1/pipelines", "/api/leat/v1/runs?limit=20", "/api/leat/v1/sources", "/api/leat/v1/connections",
    "/api/v2/dags", "/api/v1/dags/p1/dagRuns", "/api/public/v1/connections", "/api/public/v1/jobs",
]


class Connection:
    """One connection that is kept open."""

    def __init__(self, port, cookie):
        self.port, self.cookie, self.streams = port, cookie, None

    async def request(self, method, path, body=b"", accept="text/html"):
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        reader, writer = self.streams
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: {accept}\r\nCookie: {self.cookie}\r\n{kind}"
            f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        status = int(head.split(" ", 2)[1])
        length = re.search(r"(?i)content-length: (\d+)", head)
        if length:
            await reader.readexactly(int(length[1]))
        elif re.search(r"(?i)transfer-encoding: chunked", head):
            while True:
                size = int(await reader.readline(), 16)
                await reader.readexactly(size + 2)
                if size == 0:
                    break
        return status, head


async def listen(port, cookie, heard):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        heard["refused"] += 1
        return
    heard["open"] += 1
    try:
        while line := await reader.readline():
            heard["events"] += line.startswith(b"event: change")
    finally:
        heard["open"] -= 1
        writer.close()


def memory(pid):
    with open(f"/proc/{pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return {name: int(fields[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")}


def cpu(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def load(arguments, port, cookie, pid, folder):
    heard = {"open": 0, "events": 0, "refused": 0}
    listeners = [asyncio.create_task(listen(port, cookie, heard)) for _ in range(arguments.streams)]
    while heard["open"] + heard["refused"] < arguments.streams:
        await asyncio.sleep(0.05)
    pool = asyncio.Queue()
    for _ in range(50):
        pool.put_nowait(Connection(port, cookie))
    times, failures = [], []

    async def one(due, path):
        connection = await pool.get()
        try:
            status, _ = await connection.request("GET", path)
            times.append(time.perf_counter() - due)
            if status != 200:
                failures.append((path, status))
        except (OSError, asyncio.IncompleteReadError) as error:
            failures.append((path, repr(error)))
            connection.streams = None
        finally:
            pool.put_nowait(connection)

    # Every page once, so that what is read first does not count.
    for path in PATHS:
        await one(time.perf_counter(), path)
    times.clear()
    used, start, tasks = cpu(pid), time.perf_counter(), []
    for number in range(arguments.rate * arguments.seconds):
        due = start + number / arguments.rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due, PATHS[number % len(PATHS)])))
        if number % (arguments.rate * 2) == 0:
            # Something happens, which all pages hear of.
            subprocess.Popen([arguments.leat, "trigger", f"p{number % 20}"], cwd=folder, stdout=subprocess.DEVNULL)
    await asyncio.gather(*tasks)
    elapsed = time.perf_counter() - start
    used = cpu(pid) - used
    times.sort()
    figures = {f"p{share}": round(times[min(len(times) - 1, int(len(times) * share / 100))] * 1000, 1) for share in (50, 90, 99)}
    print(f"{len(times)} requests in {elapsed:.1f} s: {len(times) / elapsed:.0f}/s; ms: {figures}, worst {times[-1] * 1000:.1f}")
    print(f"failed: {len(failures)} {failures[:5]}")
    print(f"streams: {heard}")
    print(f"server: {memory(pid)} MB, {used:.1f} CPU s; load of the machine: {os.getloadavg()}")
    for listener in listeners:
        listener.cancel()
    return not failures and figures["p99"] < 100 and memory(pid)["VmHWM"] < 150


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("leat")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=60)
    arguments = parser.parse_args()
    arguments.leat = os.path.abspath(arguments.leat)
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/leat.yml", "w") as file:
            file.write(PROJECT)
        server = subprocess.Popen(
            [arguments.leat, "serve", "--port", "0", "--rate-limit", "0"], cwd=folder, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        try:
            port = password = None
            while port is None or password is None:
                line = server.stdout.readline()
                if not line:
                    raise SystemExit("the server ended")
                if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                    port = int(found[1])
                if found := re.search(r"with password (\S+)", line):
                    password = found[1]
            import threading
            threading.Thread(target=lambda: [None for _ in server.stdout], daemon=True).start()

            async def run():
                _, head = await Connection(port, "").request("POST", "/login", f"name=admin&password={password}".encode())
                cookie = re.search(r"(?i)set-cookie: ([^;]+)", head)[1]
                return await load(arguments, port, cookie, server.pid, folder)

            raise SystemExit(0 if asyncio.run(run()) else 1)
        finally:
            server.terminate()
            server.wait()


main()
