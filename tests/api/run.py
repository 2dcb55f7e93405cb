"""Holds a running program against its openapi.json, with openapi-spec-validator and schemathesis.

    run.py PROGRAM COMMAND      the example control_socket, and the tenterhook command, as built

A program is started on a socket of its own, with two scripts attached, and asked what the document says that it may be asked,
and what it says that it may not: once with names of tenants, hook points and attachments that are there, and once with
made-up ones. Every line of the streams is held against the document's Event.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jsonschema
from openapi_spec_validator import validate

from relay import LOOPBACK, Unix, relay

HERE = Path(__file__).resolve().parent
# Longest that each of the two runs may take, in seconds.
MOST = 240
# What CPython 3.11 may say when it parses source text (CPython issue 106905), and how schemathesis counts that.
PARSER = "SystemError: AST constructor recursion depth mismatch"
ONE_ERROR = "Runtime Error: 1"
THERE = {"path.tenant": "acme", "path.name": "admit", "path.hook": "demo.admit"}


def ask(path, target):
    unix = Unix(path)
    unix.request("GET", target)
    answer = unix.getresponse()
    text = answer.read().decode()
    unix.close()
    if answer.status != 200:
        sys.exit(f"{target}: {answer.status} {text}")
    return text


def run(port, document, parameters):
    """One run of schemathesis; whether all was well."""
    config = (HERE / "schemathesis.toml").read_text()
    if parameters:
        config += "\n[parameters]\n" + "".join(f'"{name}" = "{value}"\n' for name, value in parameters.items())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "schemathesis.toml")
        file.write_text(config)
        schema = Path(folder, "openapi.json")
        schema.write_text(document)
        command = [Path(sys.executable).with_name("schemathesis"), "--config-file", file, "run", schema]
        command += ["--url", f"http://{LOOPBACK}:{port}", "--no-color"]
        try:
            done = subprocess.run(command, cwd=folder, timeout=MOST, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired:
            print(f"not done after {MOST} s")
            return False
    # A line of source text that the parser could not read is quoted at length.
    print("".join(line[:400] + "\n" for line in done.stdout.splitlines()), flush=True)
    if done.returncode and PARSER in done.stdout and ONE_ERROR in done.stdout and "= FAILURES =" not in done.stdout:
        print("Python's own parser failed within schemathesis, which says nothing about the program; all else is well")
        return True
    return done.returncode == 0


def streams(port, document):
    """Every remembered event, and some of what happens in calls, held against the document."""
    schema = {"$ref": "#/components/schemas/Event", "components": document["components"]}
    well = True
    for target in ["/v1/events?follow=false", "/v1/tail?kind=log,fault,denied,call&sample=1"]:
        connection = http.client.HTTPConnection(LOOPBACK, port)
        connection.request("GET", target)
        lines = [line for line in connection.getresponse().read().splitlines() if line.endswith(b"}")]
        for line in lines:
            jsonschema.validate(json.loads(line), schema)
        print(f"{target}: {len(lines)} lines are as the document says")
        well = well and len(lines) > 0
    return well


def main(program, command):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s")
        environment = {**os.environ, "TENTERHOOK_SOCKET": path}
        policy = HERE.parent.parent / "examples/policy.toml"
        child = subprocess.Popen([program, path, os.path.join(folder, "attachments"), policy])
        try:
            end = time.monotonic() + 60
            while not os.path.exists(path):
                if child.poll() is not None or time.monotonic() > end:
                    sys.exit("the program does not start")
                time.sleep(0.05)
            scripts = HERE.parent.parent / "examples/scripts"
            for tenant, script in [("acme", "limit.lua"), ("peer", "mended.lua")]:
                attach = [command, "attach", scripts / script, "--hook", "demo.admit", "--tenant", tenant]
                subprocess.run(attach, env=environment, check=True)
            text = ask(path, "/v1/openapi.json")
            document = json.loads(text)
            validate(document)
            print("openapi.json is a valid document")
            port = relay(path)
            well = [run(port, text, parameters) for parameters in ({}, THERE)]
            well.append(streams(port, document))
            if child.poll() is not None:
                sys.exit("the program has ended")
            return all(well)
        finally:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
