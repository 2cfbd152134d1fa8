#!/usr/bin/env python3
"""Load on `leat serve`: mixed requests at a steady rate beside many open event streams.

    Benchmarks/serve-load.py LEAT [--rate 200] [--streams 500] [--seconds 60] [--runs 10000]
    Benchmarks/serve-load.py LEAT --pages [--runs 10000]

Starts a server over a project of its own with that many finished runs in its store, logs in with a session as a browser does, and prints
the times of the requests, counted from the moment at which each was due (so that a slow server cannot slow down the questions), what
failed, and the server's memory and CPU. With --pages each page is asked for by itself, one request after the other: its CPU time, which
means the same on a busy machine, and its length. Needs nothing but Python 3.9; the load itself takes part of the same cores.
"""

import argparse
import asyncio
import os
import re
import sqlite3
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

# What is dearer, or seldom asked for; with --pages only.
MORE_PATHS = [
    "/login", "/pipelines/p1?view=gantt", "/pipelines/p1?view=calendar", "/pipelines/p1?view=runs", "/pipelines/p1/runs/r1",
    "/pipelines/p1/runs/r1/tasks/second", "/connections", "/connections/Orders", "/models", "/query", "/health/details", "/runs?limit=2000",
    "/admin/audit", "/metrics", "/api/leat/v1/openapi.json", "/api/leat/v1/runs?limit=1000", "/api/v1/dags/~/dagRuns",
    "/api/v2/dags/~/dagRuns", "/assets/style.css",
]


def fill(store, count):
    """Writes `count` finished runs of three tasks each, one after the other up to now, nearly all of them well."""
    now = int(time.time() * 1e6)
    with sqlite3.connect(store) as db:
        for number in range(count):
            # Half of them within the last day, the others within a year.
            age = number * 86_400_000_000 // (count // 2 + 1) if number < count // 2 else number * 31_536_000_000_000 // count
            start, state = now - age, "failed" if number % 50 == 0 else "success"
            run = db.execute(
                "INSERT INTO run (pipeline, name, kind, state, queued_at, started_at, finished_at, parameters, owner, is_managed)"
                " VALUES (?, ?, 'manual', ?, ?, ?, ?, '{}', 'nobody', 1)",
                (f"p{number % 20}", f"r{number // 20}", state, start, start, start + 2_000_000 + number % 7 * 500_000)).lastrowid
            for place, task in enumerate(["first", "second", "third"]):
                db.execute(
                    "INSERT INTO task (run, task, position, kind, state, attempts, started_at, finished_at) VALUES (?, ?, ?, 'empty', ?, 1, ?, ?)",
                    (run, task, place, state, start + place * 500_000, start + (place + 1) * 500_000))
                db.execute(
                    "INSERT INTO attempt (run, task, number, state, queued_at, started_at, finished_at) VALUES (?, ?, 1, ?, ?, ?, ?)",
                    (run, task, state, start + place * 500_000, start + place * 500_000, start + (place + 1) * 500_000))


async def pages(port, cookie, pid):
    """The CPU time of each page by itself."""
    print(f"{'CPU ms':>8} {'bytes':>9}  page")
    connection = Connection(port, cookie)
    for path in PATHS + MORE_PATHS:
        status = 0
        for _ in range(3):
            status, _ = await connection.request("GET", path)
        used, begin, count = cpu(pid), time.perf_counter(), 0
        # The system counts CPU in hundredths: long enough for an error of some per cent.
        while count < 10 or (cpu(pid) - used < 0.4 and time.perf_counter() - begin < 5):
            await connection.request("GET", path)
            count += 1
        print(f"{(cpu(pid) - used) / count * 1000:8.2f} {connection.length:9}  {path}{'' if status == 200 else f'  ({status})'}")


class Connection:
    """One connection that is kept open."""

    def __init__(self, port, cookie):
        self.port, self.cookie, self.streams, self.length = port, cookie, None, 0

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
        self.length = int(length[1]) if length else 0
        if length:
            await reader.readexactly(int(length[1]))
        elif re.search(r"(?i)transfer-encoding: chunked", head):
            while True:
                size = int(await reader.readline(), 16)
                self.length += size
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
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--pages", action="store_true")
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
                fill(f"{folder}/.leat/leat.db", arguments.runs)
                if arguments.pages:
                    await pages(port, cookie, server.pid)
                    return True
                return await load(arguments, port, cookie, server.pid, folder)

            raise SystemExit(0 if asyncio.run(run()) else 1)
        finally:
            server.terminate()
            server.wait()


main()
