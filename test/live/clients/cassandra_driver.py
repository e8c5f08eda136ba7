"""What a client of Cassandra in Python does: cassandra_driver.py HOST VERSION COMPRESSION SCENARIO. Prints it as JSON."""

import json
import sys

from cassandra import ConsistencyLevel
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster
from cassandra.query import BatchStatement, SimpleStatement

host, version, compression, scenario = sys.argv[1:]
how = {} if version == "any" else {"protocol_version": int(version)}
cluster = Cluster(
    [host],
    compression=False if compression == "none" else compression,
    auth_provider=PlainTextAuthProvider("cassandra", "cassandra"),
    schema_metadata_enabled=False,
    token_metadata_enabled=False,
    **how,
)
done = []


def ask(operation, query, params=None, **how):
    """`params`: a list of values, and of how they are shown."""
    entry = {"operation": operation, "query": query if isinstance(query, str) else query.query_string}
    done.append(entry)
    values, texts = params or (None, None)
    if texts is not None:
        entry["params"] = texts
    try:
        result = session.execute(query, values, **how)
    except Exception as error:
        code = getattr(error, "code", None) or getattr(error, "error_code", None)
        entry["error"] = {"SyntaxException": 0x2000, "InvalidRequest": 0x2200}.get(type(error).__name__, code)
        return None
    if result.column_names:
        entry["rows"] = len(result.current_rows)
    return result


def small():
    ask("QUERY", f"INSERT INTO {name}.t (id, value) VALUES (1, 'one')")
    insert = session.prepare(f"INSERT INTO {name}.t (id, value) VALUES (?, ?)")
    entry = {"operation": "EXECUTE", "query": insert.query_string, "params": ["2", "two"]}
    done.append(entry)
    session.execute(insert, (2, "two"))
    select = session.prepare(f"SELECT value FROM {name}.t WHERE id = ?")
    done.append({"operation": "EXECUTE", "query": select.query_string, "params": ["2"], "rows": 1})
    session.execute(select, (2,))
    ask("QUERY", "SELEC 1")


def much():
    insert = session.prepare(f"INSERT INTO {name}.t (id, value) VALUES (?, ?)")
    # Values longer than a segment of version 5 may be, others that hardly compress, many at once.
    for id, value in enumerate(["x" * 300_000, "".join(chr(0x4E00 + i * 37 % 20000) for i in range(70_000)), "y" * 10]):
        done.append({
            "operation": "EXECUTE",
            "query": insert.query_string,
            "params": [str(id), shown(value)],
        })
        session.execute(insert, (id, value))
    futures = []
    for id in range(10, 1010):
        done.append({"operation": "EXECUTE", "query": insert.query_string, "params": [str(id), f"value {id}"]})
        futures.append(session.execute_async(insert, (id, f"value {id}")))
    for future in futures:
        future.result()
    statement = SimpleStatement(f"SELECT * FROM {name}.t", fetch_size=300)
    result = ask("QUERY", statement)
    while result.has_more_pages:
        entry = {"operation": "QUERY", "query": statement.query_string}
        result.fetch_next_page()
        entry["rows"] = len(result.current_rows)
        done.append(entry)
    batch = BatchStatement(consistency_level=ConsistencyLevel.ONE)
    for id in range(50):
        batch.add(insert, (id, "z" * 30))
    done.append({
        "operation": "BATCH",
        "query": "; ".join([insert.query_string] * 50),
        "params": [text for id in range(50) for text in (str(id), "z" * 30)],
    })
    session.execute(batch)
    ask("QUERY", f"SELECT value FROM {name}.nothing")
    ask("QUERY", f"SELECT value FROM {name}.t WHERE id = 2", trace=True)


def shown(text):
    """The first KiB, whole characters."""
    data = text.encode()
    return text if len(data) <= 1024 else data[:1024].decode(errors="ignore") + "…"


session = cluster.connect()
name = f"py_{version}_{compression}"
ask("QUERY", f"CREATE KEYSPACE {name} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}")
ask("QUERY", f"CREATE TABLE {name}.t (id int PRIMARY KEY, value text)")
{"small": small, "much": much}[scenario]()
ask("QUERY", f"DROP KEYSPACE {name}")
cluster.shutdown()
print(json.dumps(done))
