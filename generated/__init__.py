# Generated from openapi.yaml by `make generate`. Do not edit: change the contract instead.
"""Code generated from the contract."""
