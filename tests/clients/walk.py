#!/usr/bin/env python3
"""Walks through the whole API with the official Python client, unmodified, against the stub.

    walk.py ROOT_URL TOKEN        for example http://127.0.0.1:9000 sample-admin-token

The operations come from the classes of the client, their methods and paths from the document that the server shows. Every
GET that needs no value, or only the key of an object that a list showed, is called. Where objects can be created, one is
created, changed, found, deleted and missed. Needs the package `authentik-client` on PYTHONPATH.
"""

import enum
import inspect
import json
import sys
import typing
import urllib.request
from fnmatch import fnmatch
from types import SimpleNamespace

import authentik_client
import authentik_client.api
import pydantic
from authentik_client.exceptions import ApiException

# The number of viewsets in which an object has to be created. Fewer mean that the stub refuses what it used to accept.
CREATED = 73
# The number of objects of a list that are looked at.
OBJECTS = 2
NAME = "client-walk"

# What authentik answers, too, and the client cannot read: model, field, reason. Such an answer is read without the model.
NULL = "authentik answers null where its document has an object"
UNREADABLE = [
    ("Application", "provider_obj", NULL),
    ("Invitation", "flow_obj", NULL),
    ("NotificationRule", "group_obj", NULL),
    ("Outpost", "service_connection_obj", NULL),
    ("PolicyBinding", "*_obj", NULL),
    ("*Provider", "assigned_*", "authentik answers null, or leaves it out, without an application"),
    ("OAuth2ProviderSetupURLs", "*", "authentik answers null, or leaves it out, without an application"),
    ("SAMLMetadata", "download_url", "authentik leaves it out without an application"),
    ("Coordinate", "x_cord", "authentik answers 1796054615000.0, and its document has an integer"),
]
# Answers of 5xx, besides 501, that were recorded from authentik: operation, key, reason.
RECORDED_FAILURES = [
    ("flows_instances_execute_retrieve", "client-walk-*", "the flow has no stage to start with"),
    ("sources_all_used_by_list", "authentik-built-in", "the source is of no type, and authentik looks for its model"),
]

# The viewset that a field refers to: viewset, field, viewset of the object. The first line that matches counts.
REFERENCES = [
    ("rac_endpoints", "provider", "providers_rac"),
    ("providers_*_groups", "provider", "{parent}"),
    ("providers_*_users", "provider", "{parent}"),
    ("sources_scim_*", "source", "{parent}"),
    ("stages_source", "source", "sources_oauth"),
    ("outposts_instances", "providers", "providers_proxy"),
    ("stages_prompt_stages", "fields", "stages_prompt_prompts"),
    ("flows_bindings", "target", "flows_instances"),
    ("policies_bindings", "target", "core_applications"),
    ("policies_bindings", "policy", "policies_all"),
    ("*", "stage", "stages_all"),
    ("*", "user", "core_users"),
    ("*", "group", "core_groups"),
    ("*", "*_flow", "flows_instances"),
]

CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBhDCCASmgAwIBAgIUDYIP2diro6HdNw8jmgvwPzVz4HEwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLY2xpZW50LXdhbGswIBcNMjYxMTMwMDgwNDU0WhgPMjEyNjEx
MDYwODA0NTRaMBYxFDASBgNVBAMMC2NsaWVudC13YWxrMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEV1h25mTv45pKOpwnXFqgYir+gumNPXPj/fPqmCEmT7jaVE/n
kJC3qab8FN/BGoOSXcqT9J/siWWJQ3Nk/HrpcKNTMFEwHQYDVR0OBBYEFP4Do993
ASq9N+v1EuWA8bxVGtZuMB8GA1UdIwQYMBaAFP4Do993ASq9N+v1EuWA8bxVGtZu
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAI0Qk96Ik1qgLsg4
HscVB+ABGj4NtpPdPywOuiJkfAWmAiEAvp45iDRG3EvaKlXMJ+xZPvppkYYcGN+z
P4r/cgDmyQc=
-----END CERTIFICATE-----
"""

# Stands for a key of the viewset that the field refers to.
REFERENCE = object()
# Values that the document does not tell: viewset, field, value. A field that is not required is added.
VALUES: list[tuple[str, str, typing.Any]] = [
    ("crypto_certificatekeypairs", "certificate_data", CERTIFICATE),
    ("managed_blueprints", "content", "version: 1\nentries: []\n"),
    ("outposts_service_connections_kubernetes", "local", True),
    ("outposts_service_connections_kubernetes", "kubeconfig", {}),
    ("policies_bindings", "policy", REFERENCE),
    ("policies_event_matcher", "action", "login"),
    ("policies_reputation", "check_ip", True),
    ("providers_proxy", "external_host", "https://client-walk.example.com"),
    ("providers_proxy", "internal_host", "https://client-walk.example.com"),
    ("sources_ldap", "server_uri", "ldap://client-walk.example.com"),
    ("sources_saml", "issuer", "urn:client-walk"),
    ("stages_identification", "user_fields", ["username"]),
]


class Failure(Exception):
    """What ends the walk through one viewset."""


class Client(authentik_client.ApiClient):
    """The client as it is. It remembers the last answer."""

    answer: typing.Any = None

    def call_api(self, *values: typing.Any, **named: typing.Any) -> typing.Any:
        """Sends a request."""
        self.answer = super().call_api(*values, **named)
        return self.answer


class Walk:
    """The client, the document, and what was found out so far."""

    def __init__(self, root: str, token: str) -> None:
        self.client = client = Client(authentik_client.Configuration(host=f"{root}/api/v3", access_token=token))
        with urllib.request.urlopen(f"{root}/-/openapi.json") as answer:
            self.document = json.load(answer)
        self.routes = {
            operation["operationId"]: (verb, path)
            for path, item in self.document["paths"].items()
            for verb, operation in item.items()
            if isinstance(operation, dict) and "operationId" in operation
        }
        self.operations = {
            name: getattr(api(client), name)
            for api in vars(authentik_client.api).values()
            if inspect.isclass(api)
            for name in vars(api)
            if name in self.routes
        }
        self.failures: list[str] = []
        self.called: set[str] = set()
        self.excused: set[tuple[str, str, str]] = set()
        self.names = 0

    def call(self, operation: str, *values: typing.Any, **named: typing.Any) -> tuple[int, typing.Any]:
        """Returns the status and what the client read, or the message of a refusal. Records what must not happen."""
        self.called.add(operation)
        self.client.answer = None
        method = getattr(self.operations[operation].__self__, f"{operation}_with_http_info")
        try:
            answer = method(*values, **named)
            return answer.status_code, answer.data
        except ApiException as refusal:
            excuse = (operation, str(values[0]) if values else "")
            if refusal.status >= 500 and refusal.status != 501 and not self.excuse(RECORDED_FAILURES, *excuse):
                self.failures.append(f"{operation} {values} answered {refusal.status}")
            return refusal.status, " ".join(str(refusal.body).split())
        except Exception as error:
            try:
                if not isinstance(error, pydantic.ValidationError) or self.client.answer is None:
                    raise
                returned = typing.get_type_hints(self.operations[operation])["return"]
                return self.client.answer.status, self.leniently(returned, json.loads(self.client.answer.data))
            except Exception as unexcused:
                self.failures.append(f"{operation} {values}: {unexcused!r}")
                raise Failure(f"{operation} raised {type(unexcused).__name__}") from unexcused

    def leniently(self, kind: typing.Any, data: typing.Any) -> typing.Any:
        """Reads an answer with the models of the client, without a model where only excused fields are wrong."""
        if typing.get_origin(kind) is list:
            return [self.leniently(typing.get_args(kind)[0], item) for item in data]
        if "results" in getattr(kind, "model_fields", {}):
            return SimpleNamespace(results=self.leniently(kind.model_fields["results"].annotation, data["results"]))
        try:
            return kind.from_dict(data)
        except pydantic.ValidationError as error:
            for problem in error.errors():
                if not self.excuse(UNREADABLE, error.title, str(problem["loc"][0])):
                    raise
            return SimpleNamespace(**data)

    def excuse(self, excuses: list[tuple[str, str, str]], first: str, second: str) -> bool:
        """Returns true if a line excuses this, which is then used."""
        line = next((line for line in excuses if fnmatch(first, line[0]) and fnmatch(second, line[1])), None)
        self.excused |= {line} if line else set()
        return line is not None

    def expect(self, status: int, operation: str, *values: typing.Any, **named: typing.Any) -> typing.Any:
        """Calls an operation that has to answer with this status, and returns what the client read."""
        got, data = self.call(operation, *values, **named)
        if got != status:
            self.failures.append(f"{operation} answered {got} in place of {status}: {data}")
            raise Failure(f"{operation} answered {got}")
        return data

    def required(self, operation: str) -> list[inspect.Parameter]:
        """Returns the parameters that a call cannot do without."""
        parameters = inspect.signature(self.operations[operation]).parameters.values()
        return [parameter for parameter in parameters if parameter.default is parameter.empty]

    def lists(self) -> list[str]:
        """Returns the lists that need no key."""
        return [name for name in self.operations if name.endswith("_list") and not self.required(name)]

    def listed(self, viewset: str) -> list[typing.Any]:
        """Returns the objects of a list."""
        operation = f"{viewset}_list"
        paged = "page_size" in inspect.signature(self.operations[operation]).parameters
        data = self.expect(200, operation, **({"page_size": 1000} if paged else {}))
        return getattr(data, "results", data)

    def key(self, viewset: str, item: typing.Any) -> typing.Any:
        """Returns the value that the path of an object has."""
        parameter = self.required(f"{viewset}_retrieve")[0].name
        names = ["pk", "id"] if parameter == "id" else [parameter, "pk"]
        return next(getattr(item, name) for name in names if hasattr(item, name))

    def of_objects(self, viewset: str) -> list[str]:
        """Returns the operations that read one object of a viewset, its own first."""
        own = f"{viewset}_retrieve"
        if own not in self.operations:
            return []
        key = [self.required(own)[0].name]
        others = [
            name
            for name in self.operations
            if self.routes[name][0] == "get"
            and self.routes[name][1].startswith(self.routes[own][1])
            and [parameter.name for parameter in self.required(name)] == key
        ]
        return sorted(others, key=lambda name: name != own)

    def body(self, viewset: str) -> tuple[typing.Any, str | None]:
        """Returns a body to create an object with, and the name of a field that is free to change."""
        parameters = self.required(f"{viewset}_create")
        if not parameters:
            return None, None
        model = parameters[0].annotation
        schemas = self.document["components"]["schemas"][model.__name__]["properties"]
        values, free = {}, []
        for name, field in model.model_fields.items():
            name = field.alias or name
            given = [value for pattern, key, value in VALUES if key == name and fnmatch(viewset, pattern)]
            target = self.target(viewset, name)
            if given and given[0] is not REFERENCE:
                values[name] = given[0]
            elif not given and not field.is_required():
                continue
            elif target:
                is_list = typing.get_origin(field.annotation) is list
                reference = self.reference(target)
                values[name] = [reference] if is_list else reference
            else:
                values[name] = self.invented(viewset, name, field.annotation, schemas[name])
                if isinstance(values[name], (str, int)) and not is_enum(field.annotation):
                    free.append(name)
        free.sort(key=lambda name: (name != "name", name in ("slug", "identifier")))
        return model(**values), free[0] if free else None

    def target(self, viewset: str, field: str) -> str | None:
        """Returns the viewset whose objects a field refers to."""
        for pattern, name, target in REFERENCES:
            if fnmatch(viewset, pattern) and fnmatch(field, name):
                return target.format(parent=viewset.rsplit("_", 1)[0])
        return None

    def reference(self, viewset: str) -> typing.Any:
        """Returns the primary key of the first object of a viewset, which is created if there is none."""
        items = self.listed(viewset)
        if not items and f"{viewset}_create" not in self.operations:
            raise Failure(f"there is nothing in {viewset}")
        if not items:
            body, _ = self.body(viewset)
            status, item = self.call(f"{viewset}_create", body)
            if status != 201:
                raise Failure(f"{viewset}_create {status}: {item}")
            items = [item]
        return items[0].pk

    def invented(self, viewset: str, name: str, annotation: typing.Any, schema: dict[str, typing.Any]) -> typing.Any:
        """Returns a value that a required field admits."""
        if typing.get_origin(annotation) is list:
            return [self.invented(viewset, name, typing.get_args(annotation)[0], schema["items"])]
        if is_enum(annotation):
            return next(iter(annotation)).value
        if schema.get("type") == "integer":
            return max(1, schema.get("minimum", 1))
        if schema.get("type") == "string":
            self.names += 1
            text = f"{NAME}-{self.names}"
            text = {"uri": f"https://{text}.example.com/", "email": f"{text}@example.com"}.get(schema.get("format"), text)
            return text[: schema.get("maxLength", len(text))]
        return {}

    def read(self, viewset: str, row: "Row") -> None:
        """Lists objects and reads some of them in every way there is."""
        items = self.listed(viewset)
        row.done(f"list({len(items)})")
        for item in items[:OBJECTS]:
            self.read_object(viewset, item, row)

    def read_object(self, viewset: str, item: typing.Any, row: "Row") -> None:
        """Reads an object in every way there is."""
        for operation in self.of_objects(viewset):
            step = operation.removeprefix(f"{viewset}_")
            status, data = self.call(operation, self.key(viewset, item))
            if status < 300:
                row.done(step)
                continue
            row.note(f"{step} {status}: {data}")
            if operation == f"{viewset}_retrieve" or (step == "used_by_list" and status != 500):
                self.failures.append(f"{operation} answered {status}: {data}")

    def write(self, viewset: str, row: "Row") -> bool:
        """Creates, changes, finds and deletes an object. Returns false if it was refused."""
        body, free = self.body(viewset)
        status, item = self.call(f"{viewset}_create", *([body] if body else []))
        if status != 201:
            row.note(f"create {status}: {item}")
            return False
        row.done("create")
        key = self.key(viewset, item)
        self.read_object(viewset, item, row)
        if free and f"{viewset}_partial_update" in self.operations:
            old = getattr(body, free)
            key = self.change(viewset, key, body, {free: f"{old}-changed" if isinstance(old, str) else old + 1}, row)
        else:
            row.note("patch: there is none, or no field is free")
        if key not in [self.key(viewset, other) for other in self.listed(viewset)]:
            self.failures.append(f"{viewset}_list does not show what was created")
        row.done("found")
        self.expect(204, f"{viewset}_destroy", key)
        row.done("destroy")
        self.expect(404, f"{viewset}_retrieve", key)
        row.done("gone")
        return True

    def change(self, viewset: str, key: typing.Any, body: typing.Any, values: dict, row: "Row") -> typing.Any:
        """Changes fields of an object, by themselves or together with all that created it, and returns its key."""
        operation = f"{viewset}_partial_update"
        parameters = inspect.signature(self.operations[operation]).parameters.values()
        patched = next(parameter for parameter in parameters if parameter.name.startswith("patched_"))
        model = next(kind for kind in typing.get_args(patched.annotation) if hasattr(kind, "from_dict"))
        for name, fields in (("patch", values), ("patch(whole)", body.to_dict() | values)):
            status, item = self.call(operation, key, **{patched.name: model(**fields)})
            if status != 200:
                row.note(f"{name} {status}: {item}")
                continue
            key = self.key(viewset, item)
            changed = self.expect(200, f"{viewset}_retrieve", key)
            for field, value in values.items():
                if getattr(changed, field, value) != value:
                    self.failures.append(f"{operation} did not change {field}")
            row.done(name)
            break
        return key


class Row:
    """A line of the table: the steps that were done, and why others were not."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.notes: list[str] = []

    def done(self, step: str) -> None:
        """Adds a step."""
        if step not in self.steps:
            self.steps.append(step)

    def note(self, text: str) -> None:
        """Adds a reason."""
        text = text if len(text) <= 160 else f"{text[:160]}…"
        if text not in self.notes:
            self.notes.append(text)


def is_enum(annotation: typing.Any) -> bool:
    """Returns true for a closed set of values."""
    return inspect.isclass(annotation) and issubclass(annotation, enum.Enum)


def main(root: str, token: str) -> int:
    """Walks through everything, prints the table and the failures, and returns the exit code."""
    with urllib.request.urlopen(urllib.request.Request(f"{root}/-/reset", method="POST")):
        pass
    walk = Walk(root, token)
    rows: dict[str, Row] = {}
    created, uncalled = 0, []
    missing = sorted(set(walk.routes) - set(walk.operations))
    if missing:
        walk.failures.append(f"the client lacks {', '.join(missing)}")
    viewsets = [name.removesuffix("_list") for name in walk.lists()]
    for step in (walk.read, walk.write):
        for viewset in viewsets:
            row = rows.setdefault(viewset, Row())
            if step == walk.write and f"{viewset}_create" not in walk.operations:
                continue
            try:
                created += bool(step(viewset, row))
            except Failure as failure:
                row.note(f"{failure}")
    for name in [name for name in walk.operations if walk.routes[name][0] == "get"]:
        if name in walk.called:
            continue
        if walk.required(name):
            uncalled.append(name)
            continue
        row = rows.setdefault(name, Row())
        try:
            status, data = walk.call(name)
        except Failure as failure:
            row.note(f"{failure}")
            continue
        if status < 400:
            row.done("called")
        else:
            row.note(f"{status}: {data}")
    for name, row in rows.items():
        print(f"{name:46} {' '.join(row.steps)}")
        for note in row.notes:
            print(f"{'':46} - {note}")
    for first, second, _ in set(UNREADABLE + RECORDED_FAILURES) - walk.excused:
        walk.failures.append(f"{first} {second} needs no excuse any more")
    if created < CREATED:
        walk.failures.append(f"objects were created in {created} viewsets, fewer than {CREATED}")
    print(f"\nnot called, for want of a value or an object: {', '.join(uncalled)}")
    print(f"\n{len(viewsets)} lists, {len(walk.called)} of {len(walk.routes)} operations, {created} viewsets written")
    for failure in walk.failures:
        print(f"error: {failure}", file=sys.stderr)
    return 1 if walk.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
