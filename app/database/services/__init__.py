"""The business logic. Services take a unit of work and know neither HTTP nor the contract."""
