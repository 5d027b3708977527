"""What a running service has to be: what its document says, and no less than its database holds."""
