#!/usr/bin/env python3
"""Runs Schemathesis against stubs, and judges what it reports by the list of what is right all the same.

    contract.py DIRECTORY TOKEN ROOT_URL...

The operations are divided between the stubs, which are tested at the same time. Links are added to the document, because
Schemathesis creates, uses and deletes objects only along links. Documents and reports are left in DIRECTORY. Needs the
package `schemathesis` on PYTHONPATH.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.request
from collections import Counter
from pathlib import Path

HERE = Path(__file__).absolute().parent
VERBS = ("get", "put", "post", "patch", "delete")


def operations(document):
    """Returns the operations of a document by their id: verb, path, operation."""
    return {
        operation["operationId"]: (verb, path, operation)
        for path, item in document["paths"].items()
        for verb, operation in item.items()
        if verb in VERBS
    }


def add_links(document):
    """Links what creates an object to what reads, changes and deletes it."""
    known = operations(document)
    for name, (verb, path, operation) in known.items():
        viewset = name.removesuffix("_create")
        schema = operation["responses"].get("201", {}).get("content", {}).get("application/json", {}).get("schema", {})
        own = known.get(f"{viewset}_retrieve")
        if verb != "post" or "$ref" not in schema or own is None:
            continue
        properties = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]["properties"]
        (key,) = re.findall(r"{(\w+)}", own[1])
        value = next(name for name in (["pk", "id"] if key == "id" else [key, "pk"]) if name in properties)
        steps = ["retrieve", "partial_update", "update", "destroy", "used_by_list"]
        operation["responses"]["201"]["links"] = {
            step: {"operationId": f"{viewset}_{step}", "parameters": {key: f"$response.body#/{value}"}}
            for step in steps
            if f"{viewset}_{step}" in known
        }


def divide(document, number):
    """Returns as many documents, each with a part of the collections."""
    collections = sorted({collection(path) for path in document["paths"]})
    parts = [{} for _ in range(number)]
    for path, item in document["paths"].items():
        parts[collections.index(collection(path)) % number][path] = item
    return [document | {"paths": paths} for paths in parts]


def collection(path):
    """Returns the part of a path before the key of an object."""
    return path.split("{")[0]


def administrator(root, token):
    """Returns the keys of what makes the token that of an administrator, by the path of the collection."""

    def get(path):
        request = urllib.request.Request(f"{root}/api/v3{path}", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    user = get("/core/users/me/")["user"]
    tokens = get(f"/core/tokens/?user__username={user['username']}")["results"]
    return {
        "/core/users/": [str(user["pk"])],
        "/core/groups/": sorted(group["pk"] for group in user["groups"]),
        "/core/tokens/": sorted(token["identifier"] for token in tokens),
    }


def start(directory, part, document, root, token):
    """Starts Schemathesis for one document and returns its process and the file of its report."""
    source, report = directory / f"document-{part}.json", directory / f"report-{part}.ndjson"
    source.write_text(json.dumps(document))
    command = [sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", "--url", f"{root}/api/v3", "--header", f"Authorization: Bearer {token}", "--checks", "all"]
    command += ["--report-ndjson-path", str(report), str(source)]
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": path, "KEPT": json.dumps(administrator(root, token))}
    log = (directory / f"log-{part}.txt").open("w")
    return subprocess.Popen(command, cwd=directory, env=environment, stdout=log, stderr=subprocess.STDOUT), report


def events(report):
    """Returns the events of a report: name, content."""
    with report.open() as lines:
        for line in lines:
            yield from json.loads(line).items()


def answer(interaction):
    """Returns the status and the text of an answer."""
    response = interaction.get("response") or {}
    content = (response.get("content") or {}).get("$base64", "")
    return response.get("status_code"), base64.b64decode(content).decode(errors="replace")


def messages(value):
    """Returns the texts in a JSON value."""
    if isinstance(value, (dict, list)):
        return [text for item in (value.values() if isinstance(value, dict) else value) for text in messages(item)]
    return [str(value)]


def reason(failure, rules):
    """Returns the kind and the index of the rule that says why a failure is right."""
    for index, rule in enumerate(rules["allowed"]):
        whole = all(re.fullmatch(rule.get(field, ".*"), failure[field]) for field in ("check", "operation", "status"))
        if whole and re.search(rule.get("failure", ""), failure["failure"]):
            return "allowed", index
    if failure["check"] == "positive_data_acceptance" and failure["status"] == "400":
        try:
            texts = messages(json.loads(failure["answer"]))
        except ValueError:
            return None
        found = {refusal(text, rules) for text in texts} or {None}
        return None if None in found else ("refusals", min(found))
    return None


def refusal(text, rules):
    """Returns the index of the rule that says why a message is right."""
    return next((i for i, rule in enumerate(rules["refusals"]) if re.fullmatch(rule["message"], text, re.DOTALL)), None)


def value(message, sent):
    """Returns the value of the field in the body that a message is about."""
    field = re.search(r"in body - (\w+): ", message)
    return f", got {json.dumps(sent['body'].get(field[1]))}" if field and isinstance(sent.get("body"), dict) else ""


def failures(report):
    """Returns the failures of a report."""
    for name, content in events(report):
        if name == "NonFatalError":
            message = content["value"]["message"]
            known = {"operation": content["label"], "failure": message}
            yield {"check": "error", "status": "", "answer": "", "case": {}} | known
        if name != "ScenarioFinished":
            continue
        recorder = content["recorder"]
        for case, checks in recorder.get("checks", {}).items():
            for check in checks:
                if check["status"] != "failure":
                    continue
                failure = check["failure_info"]["failure"]
                status, text = answer(recorder["interactions"].get(case, {}))
                sent = recorder["cases"][case]["value"]
                yield {
                    "check": check["name"],
                    "operation": failure["operation"],
                    "status": str(status),
                    "failure": f"{failure['title']}: {failure['message']}{value(failure['message'], sent)}",
                    "answer": text,
                    "case": sent,
                }


def main(directory, token, *roots):
    """Runs everything, prints the table, and returns the exit code."""
    directory = Path(directory).absolute()
    directory.mkdir(parents=True, exist_ok=True)
    with urllib.request.urlopen(f"{roots[0]}/-/openapi.json") as response:
        document = json.load(response)
    rules = tomllib.loads((HERE / "schemathesis-allowed.toml").read_text())
    add_links(document)
    shares = enumerate(zip(divide(document, len(roots)), roots))
    runs = [start(directory, part, share, root, token) for part, (share, root) in shares]
    # 0 is "no failure", 1 "some"; whatever else means that not everything was tested.
    if not {process.wait() for process, _ in runs} <= {0, 1}:
        print(f"error: Schemathesis did not finish, see {directory}/log-*.txt", file=sys.stderr)
        return 1
    for root in roots:
        try:
            administrator(root, token)
        except OSError as error:
            print(f"error: the token is no longer an administrator's, so answers were 403: {error}", file=sys.stderr)
            return 1
    right, wrong = Counter(), {}
    for failure in (failure for _, report in runs for failure in failures(report)):
        if found := reason(failure, rules):
            right[found] += 1
        else:
            wrong.setdefault(tuple(failure[name] for name in ("check", "operation", "status")), []).append(failure)
    for kind in ("allowed", "refusals"):
        for index, rule in enumerate(rules[kind]):
            print(f"{right[kind, index]:6}  {rule.get('check', 'refused')}: {rule['reason']}")
    for (check, operation, status), found in wrong.items():
        first = found[0]
        sent = {name: first["case"][name] for name in ("path_parameters", "query", "body") if name in first["case"]}
        print(f"error: {check}: {operation} answered {status} ({len(found)} times)", file=sys.stderr)
        for name, text in (("failure", first["failure"]), ("sent", json.dumps(sent)), ("answer", first["answer"])):
            print(f"  {name}: {text[:500]}", file=sys.stderr)
    print(f"\n{sum(right.values())} failures are right, {sum(map(len, wrong.values()))} are not")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
