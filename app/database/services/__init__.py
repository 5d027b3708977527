"""The business logic, on the unit of work; knows neither HTTP nor the contract."""
