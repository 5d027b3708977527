"""The handlers: they implement the generated interfaces. Translate, call a service, translate."""
