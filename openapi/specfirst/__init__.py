"""SpecFirst: from an OpenAPI document to a service that is what the document says, whatever the
service.
"""
