"""The hand-written half of the service: it fills in what the contract generates."""
