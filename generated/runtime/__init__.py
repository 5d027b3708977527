# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""The runtime of all generated routers: from the bytes of a request to typed arguments, and back.

The generator has written out parameters, bodies and responses, so nothing is inspected while
requests are served. Validators are built once, on import, and each request goes through
`routing.Operation` in a straight line.
"""
