"""Compares what the deltalake package sees of each table with the summary that summary.mjs made. Exit code 1 when anything differs."""

import hashlib
import json
import os
import sys
import urllib.parse

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

ARROW_TYPES = {
    "string": ("string", "large_string", "string_view"),
    "binary": ("binary", "large_binary", "binary_view"),
    "long": ("int64",),
    "integer": ("int32",),
    "double": ("double",),
    "boolean": ("bool",),
    "timestamp": ("timestamp[us, tz=UTC]",),
}


def md5(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def hash_of(data):
    return int(md5(data)[:8], 16)


def as_bytes(value):
    return value.encode() if isinstance(value, str) else value


def values_of(column, kind):
    """Plain Python values; timestamps as microseconds."""
    if kind == "timestamp":
        column = pc.cast(column, pa.int64())
    return column.to_pylist()


def text_of(value, kind):
    if value is None:
        return "\x1e"
    if kind == "binary":
        return md5(value)
    return str(int(value)) if kind == "boolean" else str(value)


def add_up(table, fields):
    """Number of rows, hash over whole rows, and per column what summary.mjs calls count and check."""
    rows, row_hash = 0, 0
    counts = {field["name"]: 0 for field in fields}
    checks = {field["name"]: [] if field["type"] == "double" else 0 for field in fields}
    for batch in table.to_pyarrow_dataset().to_batches(batch_size=4096):
        columns = {f["name"]: values_of(batch.column(f["name"]), f["type"]) for f in fields}
        rows += batch.num_rows
        texts = [[text_of(v, f["type"]) for v in columns[f["name"]]] for f in fields if f["type"] != "double"]
        row_hash += sum(hash_of("\x1f".join(row).encode()) for row in zip(*texts))
        for field in fields:
            name, kind = field["name"], field["type"]
            present = [value for value in columns[name] if value is not None]
            counts[name] += len(present)
            if kind in ("string", "binary"):
                checks[name] += sum(hash_of(as_bytes(value)) for value in present)
            elif kind == "double":
                checks[name] += [min(present), max(present)] if present else []
            else:
                checks[name] += sum(int(value) for value in present)
    return rows, row_hash, counts, checks


def same_check(expected, found, kind):
    if kind != "double":
        return expected == str(found)
    bounds = [float(bound) for bound in expected if bound is not None]
    return bounds == ([min(found), max(found)] if found else [])


def differences(expected):
    table = DeltaTable(expected["table"])
    fields = json.loads(table.schema().to_json())["fields"]
    actions = pa.table(table.get_add_actions(flatten=True))
    found = {
        "version": table.version(),
        "fields": fields,
        "partitionColumns": table.metadata().partition_columns,
        "files": sorted(urllib.parse.unquote(path) for path in actions.column("path").to_pylist()),
        "records": sum(actions.column("num_records").to_pylist()),
        "sizeBytes": sum(actions.column("size_bytes").to_pylist()),
    }
    last = table.history(1)
    if last:  # the commit may be gone when a checkpoint stands for it
        found["note"] = last[0].get("note", {})
    for key, value in found.items():
        if value != expected[key]:
            yield f"{key}: {expected[key]!r} here, {value!r} there"
    arrow = {field.name: str(field.type) for field in table.to_pyarrow_dataset().schema}
    for field in fields:
        if arrow[field["name"]] not in ARROW_TYPES[field["type"]]:
            yield f"{field['name']}: {field['type']} here, {arrow[field['name']]} there"
    rows, row_hash, counts, checks = add_up(table, fields)
    if rows != expected["rows"] or rows != expected["records"]:
        yield f"rows: {expected['rows']} here, {expected['records']} in the log, {rows} there"
    if str(row_hash) != expected["rowHash"]:
        yield "the rows as a whole differ"
    for field in fields if rows else []:
        column = expected["columns"][field["name"]]
        if counts[field["name"]] != column["count"]:
            yield f"{field['name']}: {column['count']} values here, {counts[field['name']]} there"
        if not same_check(column["check"], checks[field["name"]], field["type"]):
            yield f"{field['name']}: the values differ"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        summaries = json.load(file)
    failed = False
    for expected in summaries:
        found = list(differences(expected))
        failed = failed or bool(found)
        shape = f"{expected['rows']} rows, {len(expected['fields'])} columns, {len(expected['files'])} files, version {expected['version']}"
        print(f"  {expected['name']}: {shape}: {'differs' if found else 'the same'}")
        for line in found:
            print(f"    {line}")
    return 1 if failed or not summaries else 0


if __name__ == "__main__":
    sys.exit(main())
