"""The hand-written half of the service. It implements the interfaces that are generated from the
contract.
"""
