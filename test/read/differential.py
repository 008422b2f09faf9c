"""Reads paths, one a line; prints the number of records of each file and a hash of what they say.

The hash does not depend on how a language writes numbers or escapes: strings are UTF-16 code units, numbers the bytes of a double,
whole numbers beyond 2^53 their digits.
"""

import hashlib
import json
import struct
import sys


def units(text):
    return text.encode("utf-16-le", "surrogatepass")


def feed(digest, value):
    if value is None or value is True or value is False:
        digest.update({None: b"n", True: b"t", False: b"f"}[value])
    elif isinstance(value, str):
        digest.update(b"s" + units(value) + b"\0\0\0")
    elif isinstance(value, int) and abs(value) > 2**53 - 1:
        digest.update(b"s" + units(str(value)) + b"\0\0\0")
    elif isinstance(value, (int, float)):
        digest.update(b"d" + struct.pack(">d", value))
    elif isinstance(value, list):
        digest.update(b"[")
        for item in value:
            feed(digest, item)
        digest.update(b"]")
    else:
        digest.update(b"{")
        for key in sorted(value, key=units):
            feed(digest, key)
            feed(digest, value[key])
        digest.update(b"}")


for path in sys.stdin.read().splitlines():
    digest = hashlib.sha256()
    count = 0
    with open(path, "rb") as file:
        for line in file.read().split(b"\n"):
            if line.strip(b" \t\r") == b"":
                continue
            feed(digest, json.loads(line.decode("utf-8")))
            count += 1
    print(count, digest.hexdigest())
