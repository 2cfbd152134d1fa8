#!/usr/bin/env python3
"""Kills syncs and servers at random instants while the source changes, and looks whether a row was lost or doubled.

    scripts/kill-loop.py LEAT [--rounds 50] [--modes NAME ...] [--rows 60000] [--seed N] [--folder DIR]

For each sync mode, with two private PostgreSQL servers of its own project:

1. A writer inserts, updates and deletes rows of the source, all the time. Many rows share a cursor value.
2. In each round `leat sync` starts, and a random while after it has come to a phase that is drawn (starting, planning, reading,
   committing) one of these happens: it is killed (SIGKILL), the source's or the warehouse's server stops at once (SIGQUIT, as
   `pg_ctl stop -m immediate`), its server processes are ended (pg_terminate_backend), or nothing. A disturbance that comes when the
   sync has ended is no round: it is tried again. After each round no row may be in the table twice.
3. In the end the writer stops, a last sync runs, `leat verify` must find every row where it can compare, and so must a comparison of
   our own.

"parts" is full_refresh_overwrite with many small parts, so that a sync goes on where a killed one was; "ranges" is incremental_append
with long increments that are committed in many ranges. "late" is incremental_append_deduped with look_back, and several writers whose
rows are committed long after they were given their cursor value. "raw" and "raw_append" write documents. "streams" moves four tables at
once. "csv" reads a file that is replaced, "files" a folder to which files are added, and "program" an Airbyte connector that sends a
state after every few rows, with which they are committed.

For each mode it prints how many disturbances met a running sync, and in which phase. Ends with 1 where anything was wrong. Needs psql, and runs as any user who may run `leat up`.
"""

import argparse
import collections
import csv
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
    "raw": "{name: t, sync_mode: full_refresh_overwrite}",
    "raw_append": "{name: t, sync_mode: incremental_append, cursor_field: changed}",
    "parts": "{name: t, sync_mode: full_refresh_overwrite}",
    "ranges": "{name: t, sync_mode: incremental_append, cursor_field: changed}",
    "late": "{name: t, sync_mode: incremental_append_deduped, cursor_field: changed, look_back: 1m}",
    "streams": "{name: t}\n      - {name: t2}\n      - {name: t3}\n      - {name: t4}",
    "csv": "{name: t, sync_mode: full_refresh_overwrite}",
    "files": "{name: t, sync_mode: incremental_append}",
    "program": "{name: t, sync_mode: incremental_append}",
}
LATE = "late"
PARTS = "parts"
RANGES = "ranges"
STREAMS = "streams"
PHASES = ["starting", "planning", "reading", "committing"]
# Those whose source is no server.
FILES = ("csv", "files", "program")
RAW = ("raw", "raw_append")
OVERWRITING = ("full_refresh_overwrite", "full_refresh_overwrite_deduped", "raw", PARTS, STREAMS)
APPENDING = ("incremental_append", "raw_append", RANGES)
FILLER = "repeat(md5({0}::text), 5)"

# An Airbyte connector of rows 1 to the number in the file `limit`; every 500 of them are followed by a state.
PROGRAM = """
import json, os, sys
say = lambda type, **members: print(json.dumps({"type": type, **members}), flush=type == "STATE")
here = os.path.dirname(os.path.abspath(__file__))
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
stream = {"name": "t", "supported_sync_modes": ["full_refresh", "incremental"], "source_defined_cursor": True, "json_schema":
    {"type": "object", "properties": {"id": {"type": "integer"}, "version": {"type": "integer"}, "filler": {"type": "string"}}}}
if sys.argv[1] == "spec": say("SPEC", spec={"connectionSpecification": {"type": "object"}})
if sys.argv[1] == "check": say("CONNECTION_STATUS", connectionStatus={"status": "SUCCEEDED"})
if sys.argv[1] == "discover": say("CATALOG", catalog={"streams": [stream]})
if sys.argv[1] == "read":
    state = json.load(open(options["--state"])) if "--state" in options else []
    at = state[0]["stream"]["stream_state"]["at"] if state else 0
    limit = int(open(here + "/limit").read())
    while at < limit:
        for at in range(at + 1, min(at + 500, limit) + 1):
            say("RECORD", record={"stream": "t", "emitted_at": 0, "data": {"id": at, "version": 0, "filler": "x" * 150}})
        say("STATE", state={"type": "STREAM", "stream": {"stream_descriptor": {"name": "t"}, "stream_state": {"at": at}}})
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


# Waits between attempts are no part of what is tested.
ENVIRONMENT = {**os.environ, "NO_COLOR": "1", "SYNC_JOB_RETRIES_COMPLETE_FAILURES_BACKOFF_MIN_INTERVAL_S": "1"}


class Bench:
    """A project with two servers, and one mode under test."""

    def __init__(self, leat, mode, rows, folder):
        self.leat, self.mode, self.rows, self.folder = leat, mode, rows, folder
        self.ports = {"source": free_port(), "warehouse": free_port()}
        self.problems = []
        self.writing = False
        self.number = 0
        self.watcher = None
        servers = "".join(
            f"  {name}: {{postgres: {{port: {port}, database: k, user: k, password: k}}}}\n"
            for name, port in self.ports.items() if name == "warehouse" or mode not in FILES)
        endpoint = "host: localhost, database: k, username: k, password: k"
        source = {
            "csv": "{connector: file, config: {url: t.csv}}",
            "files": "{connector: file, config: {url: files/t_*.csv}}",
            "program": f"{{connector: {{exec: [{sys.executable}, {folder}/program.py]}}, config: {{}}}}",
        }.get(mode, f"{{connector: postgres, config: {{port: {self.ports['source']}, {endpoint}}}}}")
        raw = ", disable_type_dedupe: true, raw_data_schema: raws" if mode in RAW else ""
        (folder / "leat.yml").write_text(
            f"name: kill\nversion: 1\nservices:\n{servers}"
            f"sources:\n  source: {source}\n"
            f"destinations:\n  warehouse: {{connector: postgres, config: {{port: {self.ports['warehouse']}, {endpoint}, schema: landing{raw}}}}}\n"
            f"connections:\n  K:\n    source: source\n    destination: warehouse\n"
            f"    part_size: {'256KB' if mode in (PARTS, RANGES, 'program') else '256MB'}\n    streams:\n      - {MODES[mode]}\n")
        self.table = "raws.landing_raw__stream_t" if mode in RAW else "landing.t"

    def run(self, *arguments, timeout=180):
        return subprocess.run(
            [self.leat, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=timeout,
            env=ENVIRONMENT)

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
        if self.mode in FILES:
            (self.folder / "files").mkdir()
            (self.folder / "program.py").write_text(PROGRAM)
            return self.surge(random.Random(0))
        for table in ("t", "t2", "t3", "t4") if self.mode == STREAMS else ("t",):
            self.ask("source", f"""
                create table {table} (id bigint primary key, version int not null, changed timestamptz, filler text);
                insert into {table} select i, 0, date_trunc('second', clock_timestamp()), {FILLER.format('i')}
                from generate_series(1, {self.rows}) i;
                create index on {table} (changed)""")
        self.ask("source", "create sequence ids start 1000000")

    def surge(self, chance):
        """Makes much that is new for the next sync, so that it takes its time."""
        self.number += 1
        if self.mode == "program":
            (self.folder / "limit.new").write_text(str(self.number * self.rows // 4))
            (self.folder / "limit.new").rename(self.folder / "limit")
        elif self.mode in FILES:
            # Renamed when it is whole; who reads the old one reads on.
            count = self.rows if self.mode == "csv" else self.rows // 4
            start = 0 if self.mode == "csv" else self.number * 1_000_000
            name = self.folder / ("t.csv" if self.mode == "csv" else f"files/t_{self.number}.csv")
            part = name.with_suffix(".part")
            with open(part, "w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["id", "version", "filler"])
                writer.writerows((start + row, self.number, f'row "{row}",\n' * 8) for row in range(count))
            part.rename(name)
        elif not self.mode.startswith("full") and self.mode not in OVERWRITING:
            third = chance.randrange(6)
            for attempt in range(10):
                try:
                    return self.ask("source", f"""
                        update t set version = version + 1, changed = {self.stamp()} where id % 6 = {third}; analyze t""")
                except RuntimeError as error:
                    # It may deadlock with the writer.
                    if attempt == 9:
                        raise error

    # The writers.

    def stamp(self):
        return f"date_trunc('{'milliseconds' if self.mode == RANGES else 'second'}', clock_timestamp())"

    def statements(self, chance):
        stamp = self.stamp()
        low = chance.randrange(self.rows)
        changes = [
            f"insert into t select nextval('ids'), 0, {stamp}, {FILLER.format('i')} from generate_series(1, {chance.randint(1, 30)}) i",
            f"update t set version = version + 1, changed = {stamp}, filler = {FILLER.format('version')} where id between {low} and {low + 20}",
        ]
        if self.mode.startswith("full") or self.mode in OVERWRITING:
            changes.append(f"delete from t where id between {low + 30} and {low + 32}")
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
        return self.ask(server, "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'leat sync%'")

    def round(self, chance, length):
        """Starts a sync and disturbs it; returns what was done, how it ended, how long it took, and what it was doing."""
        begin = time.monotonic()
        process = subprocess.Popen(
            [self.leat, "sync", "K"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT)
        phase = self.wait_for(chance.choices(PHASES, [15, 20, 35, 30])[0], process)
        # Some way into it.
        time.sleep(chance.random() ** 2 * length / 4)
        kinds = {"kill": 55, "stop source": 10, "stop warehouse": 10, "end source": 10, "end warehouse": 10, "nothing": 5}
        if self.mode in FILES:
            kinds = {"kill": 70, "stop warehouse": 12, "end warehouse": 13, "nothing": 5}
        what = chance.choices(list(kinds), list(kinds.values()))[0]
        if process.poll() is not None:
            what = "late"
        elif what == "kill":
            process.kill()
        elif what.startswith("stop"):
            self.stop_server(what.split()[1])
        elif what.startswith("end") and not self.end_backends(what.split()[1]):
            # It was not connected yet, or not any more.
            what = "nothing"
        if what.startswith("stop"):
            # A sync that has moved something waits for the server to come back.
            self.up()
        try:
            output, _ = process.communicate(timeout=180)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            self.problems.append(f"a sync did not end after: {what}")
        if what in ("late", "nothing") and process.returncode:
            self.problems.append(f"a sync failed that nobody disturbed:\n{output}")
        return what, process.returncode, time.monotonic() - begin, phase

    def wait_for(self, wanted, process):
        """Waits until a sync is so far; returns how far it is."""
        while (phase := self.phase()) != wanted and PHASES.index(phase) < PHASES.index(wanted) and process.poll() is None:
            time.sleep(0.001)
        return phase

    def phase(self):
        """What the sync is doing, by what the warehouse's server does for it."""
        sql = "select coalesce(string_agg(state || ' ' || query, ' '), '') from pg_stat_activity where application_name like 'leat sync%';\n"
        for attempt in range(2):
            # One session for all: a new one would take longer than most of what is looked at.
            if self.watcher is None or self.watcher.poll() is not None:
                self.watcher = self.psql("warehouse", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            try:
                self.watcher.stdin.write(sql + "\\echo = done\n")
                self.watcher.stdin.flush()
            except OSError:
                continue
            lines = []
            while (line := self.watcher.stdout.readline()) and line != "= done\n":
                lines.append(line)
            if line:
                break
        text = "".join(lines).lower()
        if "from stdin" in text:
            return "reading"
        words = ("insert into", "delete from", "alter table", "drop table", "create or replace", "commit", "create index", "row_number")
        if any(word in text for word in words):
            return "committing"
        return "planning" if text.strip() else "starting"

    # What must be.

    def count(self, sql):
        return int(self.ask("warehouse", sql)[0][0])

    def check_round(self):
        """No row is there twice, whatever happened."""
        if self.count(f"select count(*) from pg_class where oid = to_regclass('{self.table}')") == 0:
            return
        rows = f"(select (_airbyte_data ->> 'id')::bigint as id, (_airbyte_data ->> 'version')::int as version, * from {self.table})" \
            if self.mode in RAW else self.table
        what = {"full_refresh_append": "_airbyte_meta ->> 'sync_id', id", **dict.fromkeys(APPENDING, "id, version")}.get(self.mode, "id")
        twice = self.count(f"select count(*) from (select 1 from {rows} r group by {what} having count(*) > 1) x")
        if twice:
            self.problems.append(f"{twice} rows are there twice")
        same = self.count(f"select count(*) - count(distinct _airbyte_raw_id) from {self.table}")
        if same:
            self.problems.append(f"{same} raw ids are not their row's own")
        if self.mode in OVERWRITING:
            generations = self.count(f"select count(distinct _airbyte_generation_id) from {self.table}")
            if generations > 1:
                self.problems.append(f"rows of {generations} generations are in one table")

    def wanted(self, table):
        """The rows of the source, counted."""
        if self.mode == "program":
            return collections.Counter((str(row), "0") for row in range(1, int((self.folder / "limit").read_text()) + 1))
        if self.mode in FILES:
            names = [self.folder / "t.csv"] if self.mode == "csv" else (self.folder / "files").glob("t_*.csv")
            found = collections.Counter()
            for name in names:
                with open(name, newline="") as file:
                    found.update((row["id"], row["version"]) for row in csv.DictReader(file))
            return found
        return self.rows_of("source", f"select id, version, extract(epoch from changed), md5(filler) from {table}")

    def rows_of(self, server, sql):
        return collections.Counter(map(tuple, self.ask(server, sql)))

    def found(self, table):
        if self.mode in FILES:
            return self.rows_of("warehouse", f"select id, version from landing.{table}")
        if self.mode in RAW:
            columns = "->> 'id', _airbyte_data ->> 'version', extract(epoch from (_airbyte_data ->> 'changed')::timestamptz), md5(_airbyte_data ->> 'filler')"
            return self.rows_of("warehouse", f"select _airbyte_data {columns} from {self.table}")
        condition = ""
        if self.mode == "full_refresh_append":
            condition = " where _airbyte_meta ->> 'sync_id' = (select max((_airbyte_meta ->> 'sync_id')::int)::text from landing.t)"
        return self.rows_of(
            "warehouse", f"select id, version, extract(epoch from changed), md5(filler) from landing.{table}{condition}")

    def check_end(self):
        for attempt in range(5):
            last = self.run("sync", "K")
            if last.returncode == 0:
                break
        else:
            self.problems.append(f"the last sync failed:\n{last.stdout}{last.stderr}")
            return 0
        # Documents, and sources that say themselves what is new, verify does not compare.
        if self.mode not in RAW and self.mode not in ("files", "program"):
            verified = self.run("verify", "K")
            if verified.returncode:
                self.problems.append(f"verify:\n{verified.stdout}{verified.stderr}")
        total = 0
        for table in ("t", "t2", "t3", "t4") if self.mode == STREAMS else ("t",):
            wanted = self.wanted(table)
            found = self.found(table)
            lost = wanted - found
            more = found - wanted
            if self.mode in APPENDING:
                # Older versions stay; the present one may be there only once.
                more = collections.Counter({row: count for row, count in more.items() if row in wanted})
            if lost or more:
                self.problems.append(
                    f"{table}: {sum(lost.values())} rows lost, {sum(more.values())} too many: {list((lost + more).items())[:3]}")
            total += sum(wanted.values())
        left = self.ask("warehouse", "select relname from pg_class where relname like '\\_leat\\_%' and relname not like '\\_leat\\_key%'")
        if left:
            self.problems.append(f"left behind: {left}")
        return total

    def test(self, rounds, seed):
        chance = random.Random(f"{seed} {self.mode}")
        self.up()
        self.create()
        self.writing = self.mode not in FILES
        writers = [
            threading.Thread(target=self.write, args=(f"{seed} {self.mode} {number}",), daemon=True)
            for number in range(0 if self.mode in FILES else 3 if self.mode == LATE else 1)]
        for writer in writers:
            writer.start()
        # How long the latest syncs took that came to their end at once.
        lengths = collections.deque(maxlen=5)
        lengths.append(self.undisturbed()[2])
        # The first load is disturbed too.
        self.ask("warehouse", "drop schema if exists landing, raws, leat_internal cascade")
        done = collections.Counter()
        phases = collections.Counter()
        met = tries = 0
        while met < rounds and tries < 3 * rounds + 10:
            tries += 1
            self.surge(chance)
            # Every tenth is left alone, so that the time is known.
            is_measured = tries % 10 == 0
            what, status, took, phase = self.undisturbed() if is_measured else self.round(chance, min(lengths))
            if what in ("late", "nothing", "left alone") and status == 0:
                lengths.append(took)
            done[what] += 1
            if what not in ("late", "nothing", "left alone"):
                met += 1
                phases[phase] += 1
            self.check_round()
        self.writing = False
        for writer in writers:
            writer.join()
        if met < rounds:
            self.problems.append(f"only {met} of {rounds} disturbances met a running sync")
        rows = self.check_end()
        aimed = met + done["late"]
        story = ", ".join(f"{what} {count}" for what, count in sorted(done.items()))
        where = ", ".join(f"{phase} {count}" for phase, count in phases.most_common())
        print(f"{self.mode}: {met} of {aimed} disturbances met a running sync ({story}; it was {where}), {rows} rows: "
              f"{'every row exactly once' if not self.problems else 'WRONG'}", flush=True)
        for problem in self.problems:
            print(f"  {problem}", flush=True)
        return not self.problems

    def undisturbed(self):
        begin = time.monotonic()
        ended = self.run("sync", "K")
        if ended.returncode:
            self.problems.append(f"a sync failed that nobody disturbed:\n{ended.stdout}{ended.stderr}")
        return "left alone", ended.returncode, time.monotonic() - begin, ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("leat", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--modes", nargs="+", default=list(MODES), choices=list(MODES))
    parser.add_argument("--rows", type=int, default=60_000)
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
            if bench.watcher:
                bench.watcher.kill()
                bench.watcher.wait()
            bench.run("down")
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
