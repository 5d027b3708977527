"""The hand-written half of the service, which implements interfaces generated from the contract."""
