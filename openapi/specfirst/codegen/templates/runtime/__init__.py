"""What all generated routers share: from the bytes of a request to typed arguments, and back.

The generator knows parameters, bodies and responses when it runs, so nothing is inspected here while requests are
served: validators are built once, on import, and a request goes through `routing.Operation` in a straight line.
"""
