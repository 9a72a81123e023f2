"""Fixtures for tests of what automates authentik: one stub for all of them, and for each a world of its own."""

import json
import os
import subprocess
import urllib.request
import uuid

import pytest


class Authentik:
    """An authentik as one test sees it."""

    def __init__(self, url: str, token: str):
        self.url, self.token, self.world = url, token, f"test-{uuid.uuid4()}"

    def __call__(self, method: str, path: str, body=None):
        """Returns the status and the JSON of a response."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "X-Stub-World": self.world,
            },
        )
        try:
            response = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refused:
            response = refused
        with response:
            text = response.read()
            return response.status, json.loads(text) if text else None

    @property
    def control(self) -> str:
        """Returns where the control API of the stub is."""
        return self.url.removesuffix("/api/v3") + "/-"


@pytest.fixture(scope="session")
def stub():
    """Starts the program that AUTHENTIK_STUB names, and ends it with the last test."""
    command = [os.environ.get("AUTHENTIK_STUB", "authentik-stub"), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        said = {}
        for line in program.stdout:
            for name in ("base URL", "token"):
                if line.strip().startswith(name):
                    said[name] = line.strip().removeprefix(name).strip()
            if line.strip().startswith("reset"):
                break
        yield said["base URL"], said["token"]
        program.terminate()


@pytest.fixture
def authentik(stub):
    """Gives a test an authentik that no other test changes."""
    authentik = Authentik(*stub)
    yield authentik
    request = urllib.request.Request(f"{authentik.control}/worlds/{authentik.world}", method="DELETE")
    urllib.request.urlopen(request).close()
