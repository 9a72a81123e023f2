"""Tests that change the same objects, and do not see each other."""

import pytest


@pytest.mark.parametrize("attempt", range(3))
def test_a_user_is_made_once(authentik, attempt):
    status, user = authentik("POST", "/core/users/", {"username": "ada", "name": "Ada", "path": "users"})
    assert (status, user["username"]) == (201, "ada")
    status, refused = authentik("POST", "/core/users/", {"username": "ada", "name": "Ada", "path": "users"})
    assert (status, list(refused)) == (400, ["username"])


def test_the_default_flow_is_there(authentik):
    status, flow = authentik("GET", "/flows/instances/default-authentication-flow/")
    assert (status, flow["designation"]) == (200, "authentication")
    assert authentik("DELETE", "/flows/instances/default-authentication-flow/")[0] == 204
