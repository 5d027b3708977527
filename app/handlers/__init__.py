"""The handlers implement the generated interfaces: translate, call a service, translate."""
