#!/usr/bin/env python3
"""Cuts an OpenAPI document of authentik to what the answers of these operations are made of.

    cut.py schema.yml > 2026.8.json
"""
import json
import sys

import yaml

OURS = ("/sources/plex/", "/sources/group_connections/oauth/")
# What says nothing about how an answer looks.
WORDS = ("description", "title", "tags", "security", "parameters", "requestBody", "summary")

document = yaml.load(open(sys.argv[1], encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
schemas = document["components"]["schemas"]
used = {}


def wordless(node):
    """The node without words; everything it refers to is added to `used`."""
    if isinstance(node, list):
        return [wordless(item) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref", "")
    name = reference.rpartition("/")[2]
    if reference and name not in used:
        used[name] = None
        used[name] = wordless(schemas[name])
    return {key: wordless(value) for key, value in node.items() if key not in WORDS or isinstance(value, dict)}


paths = {}
for path, item in document["paths"].items():
    if path.startswith(OURS):
        for method, operation in item.items():
            for status, response in operation["responses"].items():
                content = response.get("content", {}).get("application/json")
                if status.startswith("2") and content:
                    answer = {"content": {"application/json": {"schema": wordless(content["schema"])}}}
                    paths.setdefault(path, {})[method] = {
                        "operationId": operation["operationId"],
                        "responses": {status: answer},
                    }

cut = {
    "openapi": document["openapi"],
    "info": {"title": "authentik", "version": document["info"]["version"]},
    "paths": paths,
    "components": {"schemas": dict(sorted(used.items()))},
}
json.dump(cut, sys.stdout, indent=1)
print()
