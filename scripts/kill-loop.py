#!/usr/bin/env python3
"""Kills syncs and servers at random instants while the source changes, and looks whether a row was lost or doubled.

    scripts/kill-loop.py LEAT [--rounds 50] [--modes NAME ...] [--rows 40000] [--seed N] [--folder DIR]

For each sync mode, with two private PostgreSQL servers of its own project:

1. A writer inserts, updates and deletes rows of the source, all the time. Many rows share a cursor value.
2. In each round `leat sync` starts, and after a random part of the time that a sync takes one of these happens: it is
   killed (SIGKILL), the source's or the warehouse's server stops at once (SIGQUIT, as `pg_ctl stop -m immediate`), its server
   processes are ended (pg_terminate_backend), or nothing. After each round no row may be in the table twice.
3. In the end the writer stops, a last sync runs, `leat verify` must find every row, and so must a comparison of our own.

"parts" is full_refresh_overwrite with many small parts, so that a sync goes on where a killed one was; "ranges" is incremental_append
with long increments that are committed in many ranges. "late" is incremental_append_deduped with look_back, and several writers whose rows are committed long after they
were given their cursor value. Ends with 1 where anything was wrong. Needs psql, and runs as any user who may run `leat up`.
"""

import argparse
import collections
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

MODES = {
    "full_refresh_overwrite": "{name: t, sync_mode: full_refresh_overwrite}",
    "full_refresh_overwrite_deduped": "{name: t, sync_mode: full_refresh_overwrite_deduped, primary_key: id, cursor_field: changed}",
    "full_refresh_append": "{name: t, sync_mode: full_refresh_append}",
    "incremental_append": "{name: t, sync_mode: incremental_append, cursor_field: changed}",
    "incremental_append_deduped": "{name: t, sync_mode: incremental_append_deduped, cursor_field: changed}",
    "parts": "{name: t, sync_mode: full_refresh_overwrite}",
    "ranges": "{name: t, sync_mode: incremental_append, cursor_field: changed}",
    "late": "{name: t, sync_mode: incremental_append_deduped, cursor_field: changed, look_back: 1m}",
}
LATE = "late"
PARTS = "parts"
RANGES = "ranges"
APPENDING = ("incremental_append", RANGES)
FILLER = "repeat(md5({0}::text), 5)"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Bench:
    """A project with two servers, and one mode under test."""

    def __init__(self, leat, mode, rows, folder):
        self.leat, self.mode, self.rows, self.folder = leat, mode, rows, folder
        self.ports = {"source": free_port(), "warehouse": free_port()}
        self.problems = []
        self.writing = False
        servers = "".join(
            f"  {name}: {{postgres: {{port: {port}, database: k, user: k, password: k}}}}\n"
            for name, port in self.ports.items())
        endpoint = "host: localhost, database: k, username: k, password: k"
        (folder / "leat.yml").write_text(
            f"name: kill\nversion: 1\nservices:\n{servers}"
            f"sources:\n  source: {{connector: postgres, config: {{port: {self.ports['source']}, {endpoint}}}}}\n"
            f"destinations:\n  warehouse: {{connector: postgres, config: {{port: {self.ports['warehouse']}, {endpoint}, schema: landing}}}}\n"
            f"connections:\n  K:\n    source: source\n    destination: warehouse\n"
            f"    part_size: {'256KB' if mode in (PARTS, RANGES) else '256MB'}\n    streams:\n      - {MODES[mode]}\n")

    def run(self, *arguments, timeout=180):
        return subprocess.run(
            [self.leat, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=timeout,
            env={**os.environ, "NO_COLOR": "1"})

    def up(self):
        done = self.run("up")
        if done.returncode:
            raise SystemExit(f"kill-loop: leat up: {done.stdout}{done.stderr}")

    def psql(self, server, *arguments, **options):
        address = f"postgresql://k:k@localhost:{self.ports[server]}/k"
        return subprocess.Popen(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", address, *arguments], text=True, **options)

    def ask(self, server, sql):
        process = self.psql(server, "-c", sql, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output, errors = process.communicate(timeout=120)
        if process.returncode:
            raise RuntimeError(errors.strip())
        return [line.split("|") for line in output.splitlines()]

    def create(self):
        self.ask("source", f"""
            create table t (id bigint primary key, version int not null, changed timestamptz, filler text);
            insert into t select i, 0, date_trunc('second', clock_timestamp()), {FILLER.format('i')}
            from generate_series(1, {self.rows}) i;
            create index on t (changed); create sequence ids start 1000000""")

    # The writers.

    def statements(self, chance):
        stamp = f"date_trunc('{'milliseconds' if self.mode == RANGES else 'second'}', clock_timestamp())"
        low = chance.randrange(self.rows)
        changes = [
            f"insert into t select nextval('ids'), 0, {stamp}, {FILLER.format('i')} from generate_series(1, {chance.randint(1, 30)}) i",
            f"update t set version = version + 1, changed = {stamp}, filler = {FILLER.format('version')} where id between {low} and {low + 20}",
        ]
        if self.mode.startswith("full") or self.mode == PARTS:
            changes.append(f"delete from t where id between {low + 30} and {low + 32}")
        if self.mode == RANGES and chance.random() < 0.05:
            changes.append(f"update t set version = version + 1, changed = {stamp} where id % 4 = {low % 4}; analyze t")
        if self.mode == LATE:
            changes.append(f"select pg_sleep({chance.random() * 1.5:.2f})")
        return "begin; " + "; ".join(changes) + "; commit;\n"

    def write(self, seed):
        chance = random.Random(seed)
        process = None
        while self.writing:
            if process is None or process.poll() is not None:
                process = self.psql("source", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            try:
                process.stdin.write(self.statements(chance) + "\\echo done\n")
                process.stdin.flush()
            except OSError:
                process = None
                continue
            # One transaction after the other, so that none is left when writing ends.
            while (line := process.stdout.readline()) and line != "done\n":
                pass
            time.sleep(0.02)
        if process:
            try:
                process.stdin.close()
            except OSError:
                pass
            process.wait(60)

    # What goes wrong.

    def stop_server(self, server):
        lock = self.folder / ".leat" / "services" / server / "data" / "postmaster.pid"
        os.kill(int(lock.read_text().split()[0]), signal.SIGQUIT)

    def end_backends(self, server):
        self.ask(server, "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'leat sync%'")

    def round(self, chance, length):
        """Starts a sync and disturbs it; returns what was done and how it ended."""
        process = subprocess.Popen(
            [self.leat, "sync", "K"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        time.sleep(chance.random() * length * 1.1)
        what = chance.choices(
            ["kill", "stop source", "stop warehouse", "end source", "end warehouse", "nothing"], [50, 10, 10, 10, 10, 10])[0]
        if process.poll() is not None:
            what = "late"
        elif what == "kill":
            process.kill()
        elif what.startswith("stop"):
            self.stop_server(what.split()[1])
        elif what.startswith("end"):
            self.end_backends(what.split()[1])
        if what.startswith("stop"):
            # A sync that has moved something waits for the server to come back.
            self.up()
        try:
            output, _ = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            self.problems.append(f"a sync did not end after: {what}")
        if what in ("late", "nothing") and process.returncode:
            self.problems.append(f"a sync failed that nobody disturbed:\n{output}")
        return what, process.returncode

    # What must be.

    def count(self, sql):
        return int(self.ask("warehouse", sql)[0][0])

    def check_round(self):
        """No row is there twice, whatever happened."""
        if self.count("select count(*) from pg_class where oid = to_regclass('landing.t')") == 0:
            return
        what = {"full_refresh_append": "_airbyte_meta ->> 'sync_id', id", **dict.fromkeys(APPENDING, "id, version")}.get(self.mode, "id")
        twice = self.count(f"select count(*) from (select 1 from landing.t group by {what} having count(*) > 1) x")
        if twice:
            self.problems.append(f"{twice} rows are there twice")
        same = self.count("select count(*) - count(distinct _airbyte_raw_id) from landing.t")
        if same:
            self.problems.append(f"{same} raw ids are not their row's own")
        if self.mode.startswith("full_refresh_overwrite") or self.mode == PARTS:
            generations = self.count("select count(distinct _airbyte_generation_id) from landing.t")
            if generations > 1:
                self.problems.append(f"rows of {generations} generations are in one table")

    def check_end(self):
        for attempt in range(5):
            last = self.run("sync", "K")
            if last.returncode == 0:
                break
        else:
            self.problems.append(f"the last sync failed:\n{last.stdout}{last.stderr}")
            return 0
        verified = self.run("verify", "K")
        if verified.returncode:
            self.problems.append(f"verify:\n{verified.stdout}{verified.stderr}")
        columns = "select id, version, extract(epoch from changed), md5(filler) from"
        rows = lambda server, table: collections.Counter(map(tuple, self.ask(server, f"{columns} {table}")))
        wanted = rows("source", "t")
        condition = ""
        if self.mode == "full_refresh_append":
            condition = " where _airbyte_meta ->> 'sync_id' = (select max((_airbyte_meta ->> 'sync_id')::int)::text from landing.t)"
        found = rows("warehouse", f"landing.t{condition}")
        lost = wanted - found
        more = found - wanted
        if self.mode in APPENDING:
            # Older versions stay; the present one may be there only once.
            more = collections.Counter({row: count for row, count in more.items() if row in wanted})
        if lost or more:
            self.problems.append(f"{sum(lost.values())} rows lost, {sum(more.values())} too many: {list((lost + more).items())[:3]}")
        left = self.ask("warehouse", "select relname from pg_class where relname like '\\_leat\\_%' and relname not like '\\_leat\\_key%'")
        if left:
            self.problems.append(f"left behind: {left}")
        return sum(wanted.values())

    def test(self, rounds, seed):
        chance = random.Random(f"{seed} {self.mode}")
        self.up()
        self.create()
        self.writing = True
        writers = [
            threading.Thread(target=self.write, args=(f"{seed} {self.mode} {number}",), daemon=True)
            for number in range(3 if self.mode == LATE else 1)]
        for writer in writers:
            writer.start()
        length = 0.0
        done = collections.Counter()
        ended = 0
        for number in range(rounds):
            start = time.monotonic()
            what, status = self.round(chance, length or 1.0)
            if status == 0:
                ended += 1
                length = max(length, time.monotonic() - start) if number < 10 else length
            elif not length:
                length = 1.0
            done[what] += 1
            self.check_round()
        self.writing = False
        for writer in writers:
            writer.join()
        rows = self.check_end()
        story = ", ".join(f"{what} {count}" for what, count in sorted(done.items()))
        print(f"{self.mode}: {rounds} rounds ({story}), {ended} syncs came to their end, {rows} rows: "
              f"{'every row exactly once' if not self.problems else 'WRONG'}", flush=True)
        for problem in self.problems:
            print(f"  {problem}", flush=True)
        return not self.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("leat", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--modes", nargs="+", default=list(MODES), choices=list(MODES))
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--folder", type=pathlib.Path, help="where the projects are made; default: a new folder in /tmp")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    well = True
    for mode in arguments.modes:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="leat-kill-", dir=arguments.folder))
        folder.chmod(0o755)
        # What is added with every sync would grow without end.
        rows = arguments.rows // 8 if mode == "full_refresh_append" else arguments.rows
        bench = Bench(arguments.leat, mode, rows, folder)
        try:
            well = bench.test(arguments.rounds, arguments.seed) and well
        finally:
            bench.writing = False
            bench.run("down")
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
